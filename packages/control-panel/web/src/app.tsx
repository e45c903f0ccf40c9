import { Suspense } from 'react';
import { Link, Route, Switch } from 'wouter';
import { TodayPage } from './pages/today.tsx';
import {
  BountiesPage,
  BountyPage,
  BudgetPage,
  ChangePage,
  ChangesPage,
  CheckpointsPage,
  DisputesPage,
  GuildsPage,
  LibraryPage,
  LogPage,
  MailPage,
  NeedsYouPage,
  ProjectsPage,
  ResidentPage,
  ResidentsPage,
  RoomsPage,
  SettingsPage,
  SkillsPage,
  TaskPage,
  TasksPage,
} from './pages.ts';
import { Loading } from './parts/card.tsx';
import { Mishap } from './shell/mishap.tsx';
import { Shell } from './shell/shell.tsx';
import { fromAddress } from './state/address.ts';

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
            <Route path="/tasks/:id">{({ id }) => <TaskPage key={id} id={fromAddress(id)} />}</Route>
            <Route path="/changes" component={ChangesPage} />
            <Route path="/changes/:id">{({ id }) => <ChangePage key={id} id={fromAddress(id)} />}</Route>
            <Route path="/projects" component={ProjectsPage} />
            <Route path="/checkpoints" component={CheckpointsPage} />
            <Route path="/residents" component={ResidentsPage} />
            <Route path="/residents/:id">{({ id }) => <ResidentPage key={id} id={fromAddress(id)} />}</Route>
            <Route path="/rooms/:id?">{({ id }) => <RoomsPage {...(id ? { id: fromAddress(id) } : {})} />}</Route>
            <Route path="/mail/:id?">{({ id }) => <MailPage {...(id ? { id: fromAddress(id) } : {})} />}</Route>
            <Route path="/bounties" component={BountiesPage} />
            <Route path="/bounties/:id">{({ id }) => <BountyPage key={id} id={fromAddress(id)} />}</Route>
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
