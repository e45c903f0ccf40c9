import { Supervisor, stopOnSignals } from '../supervise.mjs';
import { compileWhenStale } from './compile.mjs';
import { whenNpmIsGone } from './npm-parent.mjs';
import { buildPanelWhenStale } from './panel.mjs';
import { ROOT } from './root.mjs';
import { say } from './say.mjs';

/**
 * Build what is stale, then run API, worker and panel until somebody stops them. API first, because the others need its
 * port; `first` are services that stand before it, `env` is added to everybody's. `onOpen` gets the panel's address and
 * may resolve with an exit code, which ends everything. Resolves with the exit code.
 */
export async function serve({ first = [], env = {}, onOpen }) {
  const [entry, panelIsBuilt] = await Promise.all([compileWhenStale(), buildPanelWhenStale()]);
  if (!panelIsBuilt) return 1;
  const supervisor = new Supervisor({ say, cwd: ROOT });
  const ended = stopOnSignals(supervisor, say);
  whenNpmIsGone(() => {
    say('npm has gone; stopping');
    void supervisor.stop(143);
  });
  const ready = await supervisor.start([
    ...(first.length > 0 ? [first] : []),
    [{ name: 'API', args: entry('api'), env, portVariable: 'VIVARIUM_API_PORT' }],
    [
      { name: 'worker', args: entry('worker', 'run'), env },
      { name: 'panel', args: entry('control-panel'), env, portVariable: 'VIVARIUM_CONTROL_PANEL_PORT' },
    ],
  ]);
  if (!ready) return ended;
  const code = await onOpen(addressIn(ready.panel));
  return code === undefined ? ended : supervisor.stop(code);
}

function addressIn({ ready, port }) {
  return /https?:\/\/\S+/.exec(ready)?.[0] ?? `http://127.0.0.1:${port}`;
}
