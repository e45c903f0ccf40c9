#!/usr/bin/env node
// pnpm reference: writes docs/reference from the code. With --check it writes nothing and names the pages that are behind.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApi } from '@vivarium/api';
import { openWorld, startPanel } from '@vivarium/control-panel';
import { createLogger, loadConfig } from '@vivarium/core';
import { ROOT } from './lib/root.mjs';
import { cliPage } from './reference/cli.ts';
import { configurationPage } from './reference/configuration.ts';
import { errorsPage } from './reference/errors.mjs';
import { eventsPage } from './reference/events.ts';
import { httpPage } from './reference/http.ts';
import { metricsPage } from './reference/metrics.ts';
import { operationsPage } from './reference/operations.ts';
import { queuePage } from './reference/queue.ts';

const FOLDER = join(ROOT, 'docs', 'reference');
const API =
  'On http://127.0.0.1:8420, from this machine only. `POST` needs the header `X-Vivarium-Internal-Token`; its value lies in `.swarm/security/internal_execution_token.txt`. A page to try things out is at `/docs`.';
const PANEL =
  'On http://127.0.0.1:8421. A write needs the page\'s own `Origin`, or from a script the header `X-Vivarium-Internal-Token`, and a JSON body. A refusal is `{"success": false, "error", "code", "fix"}`. Codes: [errors](errors.md).';
const isCheck = process.argv.includes('--check');

const pages = {
  'queue.md': queuePage(),
  'configuration.md': configurationPage(ROOT),
  'errors.md': errorsPage(ROOT),
  'events.md': eventsPage(),
  'cli.md': cliPage(),
  ...(await servedPages()),
};
const behind = Object.entries(pages).filter(([name, text]) => read(name) !== text);
if (!isCheck) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of behind) writeFileSync(join(FOLDER, name), text);
}
for (const [name] of behind)
  console.error(`docs/reference/${name} ${isCheck ? 'is behind the code; write it anew with: pnpm reference' : 'was written'}`);
process.exit(isCheck && behind.length > 0 ? 1 : 0);

/** What only the running programs know, asked of them over a workspace that is gone afterwards. */
async function servedPages() {
  const workspace = mkdtempSync(join(tmpdir(), 'vivarium-reference-'));
  const env = {
    VIVARIUM_WORKSPACE: workspace,
    VIVARIUM_CONTROL_PANEL_PORT: '0',
    VIVARIUM_PROVIDER: 'none',
    VIVARIUM_LOG_LEVEL: 'silent',
  };
  const config = loadConfig({ env, cwd: workspace });
  const api = await openApi({ config, log: createLogger('reference', config) });
  const world = await openWorld(config, { error: () => undefined });
  const panel = await startPanel(world, workspace);
  const metrics = (await api.app.inject('/metrics')).body;
  const ofApi = JSON.parse((await api.app.inject('/docs/json')).body);
  const ofPanel = await (await fetch(`${panel.url}api/openapi.json`)).json();
  await Promise.all([api.close(), panel.close().then(() => world.close())]);
  rmSync(workspace, { recursive: true, force: true });
  return {
    'metrics.md': metricsPage(metrics),
    'http-api.md': httpPage('Execution API', '`GET /docs/json`', API, ofApi),
    'operations.md': operationsPage(ofPanel),
    'http-panel.md': httpPage('Control panel', '`GET /api/openapi.json`', PANEL, ofPanel),
  };
}

function read(name) {
  try {
    return readFileSync(join(FOLDER, name), 'utf8');
  } catch {
    return undefined;
  }
}
