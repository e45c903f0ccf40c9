/** The disk's own limit: append one record of the size a settlement has, sync, again. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { done, ready } from './signal.ts';

const [folder = '', count = '1000'] = process.argv.slice(2);
const line = Buffer.from(`${'x'.repeat(449)}\n`);
const fd = openSync(join(folder, `raw-${process.pid}`), 'a');
await ready();
for (let n = 0; n < Number(count); n++) {
  writeSync(fd, line);
  fdatasyncSync(fd);
}
closeSync(fd);
done({ count: Number(count) });
