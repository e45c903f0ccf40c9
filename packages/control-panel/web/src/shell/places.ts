import {
  BookOpen,
  FolderGit2,
  Gavel,
  GitPullRequestArrow,
  Inbox,
  LayoutDashboard,
  ListTree,
  type LucideIcon,
  Mail,
  MessagesSquare,
  RotateCcw,
  Scale,
  ScrollText,
  Settings,
  Sparkles,
  Trophy,
  Users,
  Wallet,
} from 'lucide-react';

export interface Place {
  readonly href: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** Pressed after `g`. */
  readonly key: string;
  /** Places of one group stand together. */
  readonly group: 'work' | 'society' | 'made' | 'running';
}

/** Every page that the navigation leads to. */
export const PLACES: readonly Place[] = [
  { href: '/', name: 'Today', icon: LayoutDashboard, key: 't', group: 'work' },
  { href: '/needs-you', name: 'Needs you', icon: Inbox, key: 'i', group: 'work' },
  { href: '/tasks', name: 'Tasks', icon: ListTree, key: 'q', group: 'work' },
  { href: '/changes', name: 'Changes', icon: GitPullRequestArrow, key: 'x', group: 'work' },
  { href: '/projects', name: 'Projects', icon: FolderGit2, key: 'p', group: 'work' },
  { href: '/checkpoints', name: 'Checkpoints', icon: RotateCcw, key: 'k', group: 'work' },
  { href: '/residents', name: 'Residents', icon: Users, key: 'r', group: 'society' },
  { href: '/rooms', name: 'Rooms', icon: MessagesSquare, key: 'c', group: 'society' },
  { href: '/mail', name: 'Mail', icon: Mail, key: 'm', group: 'society' },
  { href: '/bounties', name: 'Bounties', icon: Trophy, key: 'b', group: 'society' },
  { href: '/guilds', name: 'Guilds & votes', icon: Scale, key: 'v', group: 'society' },
  { href: '/disputes', name: 'Disputes', icon: Gavel, key: 'd', group: 'society' },
  { href: '/library', name: 'Library', icon: BookOpen, key: 'l', group: 'made' },
  { href: '/skills', name: 'Skills', icon: Sparkles, key: 's', group: 'made' },
  { href: '/budget', name: 'Budget', icon: Wallet, key: '$', group: 'running' },
  { href: '/log', name: 'Log', icon: ScrollText, key: 'e', group: 'running' },
  { href: '/settings', name: 'Settings', icon: Settings, key: ',', group: 'running' },
];

/** Those that fit at the foot of a phone; the others stand behind "More". */
export const AT_HAND: readonly Place[] = PLACES.filter(({ href }) => ['/', '/needs-you', '/tasks', '/rooms'].includes(href));

export function isHere(place: Place, location: string): boolean {
  return place.href === '/' ? location === '/' : location === place.href || location.startsWith(`${place.href}/`);
}
