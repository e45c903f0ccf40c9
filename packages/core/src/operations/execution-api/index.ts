export { apiEndpoint } from './endpoint.ts';
export { requestApi } from './request.ts';
export { apiStatus } from './status.ts';
export { testModel } from './test-model.ts';
