/** How long a process needs until it has folded the world and can claim, from its own start on. */
import { openTaskStore, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { done, ready } from './signal.ts';

const [folder = ''] = process.argv.slice(2);
const store = await openTaskStore({
  backend: fileBackend(workspacePaths(folder)),
  liveness: { isLive: () => true, liveWorkers: () => [] },
});
const ms = performance.now();
await ready();
done({ ms, tasks: store.counts().total, rss_mb: process.memoryUsage.rss() / 1e6 });
