import { type ComponentType, lazy, Suspense } from 'react';
import { Link, Route, Switch } from 'wouter';
import { TodayPage } from './pages/today.tsx';
import { Loading } from './parts/card.tsx';
import { Mishap } from './shell/mishap.tsx';
import { Shell } from './shell/shell.tsx';

const page = (load: () => Promise<{ default: ComponentType }>) => lazy(load);
const NeedsYouPage = page(() => import('./pages/needs-you.tsx'));
const TasksPage = page(() => import('./pages/tasks.tsx'));
const TaskPage = lazy(() => import('./pages/task.tsx'));
const ResidentsPage = page(() => import('./pages/residents.tsx'));
const ResidentPage = lazy(() => import('./pages/resident.tsx'));
const RoomsPage = lazy(() => import('./pages/rooms.tsx'));
const MailPage = lazy(() => import('./pages/mail.tsx'));
const BountiesPage = page(() => import('./pages/bounties.tsx'));
const BountyPage = lazy(() => import('./pages/bounty.tsx'));
const GuildsPage = page(() => import('./pages/guilds.tsx'));
const DisputesPage = page(() => import('./pages/disputes.tsx'));
const LibraryPage = page(() => import('./pages/library.tsx'));
const SkillsPage = page(() => import('./pages/skills.tsx'));
const BudgetPage = page(() => import('./pages/budget.tsx'));
const LogPage = page(() => import('./pages/log.tsx'));
const SettingsPage = page(() => import('./pages/settings.tsx'));

/** The places of the panel. */
export function App() {
  return (
    <Shell>
      <Mishap>
        <Suspense fallback={<Coming />}>
          <Switch>
            <Route path="/" component={TodayPage} />
            <Route path="/needs-you" component={NeedsYouPage} />
            <Route path="/tasks" component={TasksPage} />
            <Route path="/tasks/:id">{({ id }) => <TaskPage key={id} id={decodeURIComponent(id)} />}</Route>
            <Route path="/residents" component={ResidentsPage} />
            <Route path="/residents/:id">{({ id }) => <ResidentPage key={id} id={decodeURIComponent(id)} />}</Route>
            <Route path="/rooms/:id?">{({ id }) => <RoomsPage {...(id ? { id: decodeURIComponent(id) } : {})} />}</Route>
            <Route path="/mail/:id?">{({ id }) => <MailPage {...(id ? { id: decodeURIComponent(id) } : {})} />}</Route>
            <Route path="/bounties" component={BountiesPage} />
            <Route path="/bounties/:id">{({ id }) => <BountyPage key={id} id={decodeURIComponent(id)} />}</Route>
            <Route path="/guilds" component={GuildsPage} />
            <Route path="/disputes" component={DisputesPage} />
            <Route path="/library" component={LibraryPage} />
            <Route path="/skills" component={SkillsPage} />
            <Route path="/budget" component={BudgetPage} />
            <Route path="/log" component={LogPage} />
            <Route path="/settings" component={SettingsPage} />
            <Route>
              <h1 className="text-[17px] font-semibold">There is no such page</h1>
              <p className="mt-1 text-dim">
                Go to{' '}
                <Link href="/" className="text-leaf underline">
                  Today
                </Link>
                .
              </p>
            </Route>
          </Switch>
        </Suspense>
      </Mishap>
    </Shell>
  );
}

function Coming() {
  return (
    <div className="card">
      <Loading label="Loading the page" lines={6} />
    </div>
  );
}
