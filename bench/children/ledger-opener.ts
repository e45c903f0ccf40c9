/** How long a process needs to fold a ledger, from its snapshot when there is one. With `save` it leaves one behind. */
import { openSociety, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { done, ready } from './signal.ts';

const [folder = ''] = process.argv.slice(2);
const begun = performance.now();
const society = await openSociety({ backend: fileBackend(workspacePaths(folder)) });
const ms = performance.now() - begun;
const entries = society.world.tokens.keys.size;
const rss_mb = process.memoryUsage.rss() / 1e6;
await ready();
await society.close();
done({ ms, entries, rss_mb });
