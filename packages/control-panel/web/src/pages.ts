import { own } from '../../src/world/words.ts';
import { late } from './parts/late.tsx';

export const NeedsYouPage = late(() => import('./pages/needs-you.tsx'));
export const TasksPage = late(() => import('./pages/tasks.tsx'));
export const TaskPage = late(() => import('./pages/task.tsx'));
export const ChangesPage = late(() => import('./pages/changes.tsx'));
export const ChangePage = late(() => import('./pages/change.tsx'));
export const CheckpointsPage = late(() => import('./pages/checkpoints.tsx'));
export const ProjectsPage = late(() => import('./pages/projects.tsx'));
export const ResidentsPage = late(() => import('./pages/residents.tsx'));
export const ResidentPage = late(() => import('./pages/resident.tsx'));
export const RoomsPage = late(() => import('./pages/rooms.tsx'));
export const MailPage = late(() => import('./pages/mail.tsx'));
export const BountiesPage = late(() => import('./pages/bounties.tsx'));
export const BountyPage = late(() => import('./pages/bounty.tsx'));
export const GuildsPage = late(() => import('./pages/guilds.tsx'));
export const DisputesPage = late(() => import('./pages/disputes.tsx'));
export const LibraryPage = late(() => import('./pages/library.tsx'));
export const SkillsPage = late(() => import('./pages/skills.tsx'));
export const BudgetPage = late(() => import('./pages/budget.tsx'));
export const LogPage = late(() => import('./pages/log.tsx'));
export const SettingsPage = late(() => import('./pages/settings.tsx'));

/** By the first word of the address; with `/` for one of them. */
const CODE: Readonly<Record<string, { fetch(): Promise<void> }>> = {
  'needs-you': NeedsYouPage,
  tasks: TasksPage,
  'tasks/': TaskPage,
  changes: ChangesPage,
  'changes/': ChangePage,
  projects: ProjectsPage,
  checkpoints: CheckpointsPage,
  residents: ResidentsPage,
  'residents/': ResidentPage,
  rooms: RoomsPage,
  mail: MailPage,
  bounties: BountiesPage,
  'bounties/': BountyPage,
  guilds: GuildsPage,
  disputes: DisputesPage,
  library: LibraryPage,
  skills: SkillsPage,
  budget: BudgetPage,
  log: LogPage,
  settings: SettingsPage,
};

/** Fetch what an address needs. A failure is left to the page, which says so when it is drawn. */
export async function fetchPage(address: string): Promise<void> {
  const [, place = '', id] = address.split('/');
  const page = (id ? own(CODE, `${place}/`) : undefined) ?? own(CODE, place);
  await page?.fetch().catch(() => undefined);
}

/** Fetch the other pages one by one, so that each is there when somebody goes to it. */
export async function fetchPages(): Promise<void> {
  for (const page of Object.values(CODE)) await page.fetch().catch(() => undefined);
}
