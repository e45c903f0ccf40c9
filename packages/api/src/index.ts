export { type ApiDeps, buildApi } from './app.ts';
export { loadCatalogue } from './gate/catalogue.ts';
export { openLocalRunner } from './local/index.ts';
export { type OpenApiOptions, type OpenedApi, openApi } from './open-api.ts';
