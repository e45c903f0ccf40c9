import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Builds beside `dist` and takes its place once everything is written: a build that fails, however late, leaves the last page. */
export function wholePage(dist: string): Plugin {
  const [next, former] = [`${dist}-next-${process.pid}`, `${dist}-former-${process.pid}`];
  const remove = () => rmSync(next, { recursive: true, force: true });
  return {
    name: 'whole-page',
    config: () => ({ build: { outDir: next, emptyOutDir: true } }),
    buildStart: () => void process.once('exit', remove),
    writeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        if (existsSync(dist)) renameSync(dist, former);
        renameSync(next, dist);
        rmSync(former, { recursive: true, force: true });
      },
    },
  };
}
