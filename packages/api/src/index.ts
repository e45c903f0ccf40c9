export { openLocalRunner } from './local/index.ts';
export { openApi } from './open-api.ts';
