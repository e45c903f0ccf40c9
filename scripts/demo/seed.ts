import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorld } from '@vivarium/control-panel';
import { loadConfig, workspacePaths } from '@vivarium/core';
import { FakeClock } from '@vivarium/core/testing';
import { PAST_MS, playThePast } from './past.ts';
import { QUEUE } from './present.ts';

const LABEL = 'Scripted demo: a script answers, not a model. Nothing is paid; amounts are what the calls would cost.';

/** Fill a home of its own with the scripted world, once. A folder that holds anything else is refused: exit code 2. */
async function main(home: string): Promise<void> {
  if (existsSync(join(home, 'DEMO'))) return;
  if (existsSync(workspacePaths(home).executionLog)) {
    process.stderr.write(`[vivarium] ${home} holds a world already that is not a demo; name another --home\n`);
    process.exit(2);
  }
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'DEMO'), `${LABEL}\n`);
  const config = loadConfig({ env: { VIVARIUM_WORKSPACE: home, VIVARIUM_LOG_LEVEL: 'silent' }, cwd: home });
  const clock = new FakeClock(new Date(Date.now() - PAST_MS).toISOString());
  const world = await openWorld(config, { error: () => undefined }, clock);
  await playThePast(world, clock);
  clock.setWall(new Date().toISOString());
  await world.store.add(QUEUE, 'person:cli');
  await world.close();
}

await main(process.argv[2] ?? '');
