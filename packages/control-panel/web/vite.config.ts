import { relative, resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { wholePage } from './whole-page.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Read by scripts/lib/panel.mjs. The panel serves no file that begins with a dot. */
const SOURCES = '.sources.json';

/** Nothing is inlined, so that the page runs under a policy without inline scripts, styles or data fonts. */
export default defineConfig({
  plugins: [react(), tailwindcss(), sources(), wholePage()],
  build: {
    outDir: resolve(import.meta.dirname, '../dist'),
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: true,
  },
});

/**
 * Leaves beside the page when its build began, and what it was built from outside this folder, wherever that lies:
 * whoever starts the panel then knows whether the page is behind.
 */
function sources(): Plugin {
  let began = 0;
  return {
    name: 'sources',
    buildStart() {
      began = Date.now();
    },
    generateBundle() {
      const files = [...this.getModuleIds()].filter(isOwn).map((id) => relative(ROOT, id.replace(/[?#].*$/, '')));
      const source = JSON.stringify({ began, files: [...new Set(files)].sort() });
      this.emitFile({ type: 'asset', fileName: SOURCES, source });
    },
  };
}

/** Not a library's, whose versions the lockfile names, and not made up by a plugin, as what begins so is. */
const isOwn = (id: string): boolean => !id.startsWith('\0') && !id.includes('node_modules');
