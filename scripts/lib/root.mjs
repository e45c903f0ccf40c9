import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Node's arguments for running TypeScript of this workspace from source. */
export const FROM_SOURCE = ['--conditions', '@vivarium/source', '--import', 'tsx'];
