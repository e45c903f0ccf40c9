import { Link, Route, Switch } from 'wouter';
import { LogPage } from './pages/log.tsx';
import { TaskPage } from './pages/task.tsx';
import { TasksPage } from './pages/tasks.tsx';
import { TodayPage } from './pages/today.tsx';
import { Mishap } from './shell/mishap.tsx';
import { Shell } from './shell/shell.tsx';

/** The places of the panel. */
export function App() {
  return (
    <Shell>
      <Mishap>
        <Switch>
          <Route path="/" component={TodayPage} />
          <Route path="/tasks" component={TasksPage} />
          <Route path="/tasks/:id">{({ id }) => <TaskPage key={id} id={decodeURIComponent(id)} />}</Route>
          <Route path="/log" component={LogPage} />
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
      </Mishap>
    </Shell>
  );
}
