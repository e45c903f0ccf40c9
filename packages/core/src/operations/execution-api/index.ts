export { apiEndpoint } from './endpoint.ts';
export { requestApi } from './request.ts';
export { testModel } from './test-model.ts';
