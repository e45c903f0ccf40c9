import { existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/** Builds beside `build.outDir` and takes its place once everything is written: a build that fails, however late, leaves the last page. */
export function wholePage(): Plugin {
  const place = { page: '', next: '', former: '' };
  const remove = () => rmSync(place.next, { recursive: true, force: true });
  return {
    name: 'whole-page',
    config({ root = '.', build }) {
      place.page = resolve(root, build?.outDir ?? 'dist');
      place.next = `${place.page}-next-${process.pid}`;
      place.former = `${place.page}-former-${process.pid}`;
      return { build: { outDir: place.next, emptyOutDir: true } };
    },
    buildStart: () => void process.once('exit', remove),
    writeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        if (existsSync(place.page)) renameSync(place.page, place.former);
        renameSync(place.next, place.page);
        rmSync(place.former, { recursive: true, force: true });
      },
    },
  };
}
