import { call, type Given } from './api.ts';

/** What the pages about changes to projects ask for, and what a person decides there. */
export const changesApi = {
  list: (query: Given<'GET /api/changes'>['query'], signal?: AbortSignal) =>
    call('GET /api/changes', { query: { limit: 50, ...query }, signal }),
  show: (id: string, signal?: AbortSignal) => call('GET /api/changes/:id', { params: { id }, signal }),
  diff: (id: string, path?: string, signal?: AbortSignal) =>
    call('GET /api/changes/:id/diff', { params: { id }, query: { path }, signal }),
  approve: (id: string, shown: { readonly entries_sha256: string; readonly tree: string }) =>
    call('POST /api/changes/:id/approve', { params: { id }, body: shown }),
  reject: (id: string, reason: string) => call('POST /api/changes/:id/reject', { params: { id }, body: { reason } }),
  retry: (id: string) => call('POST /api/changes/:id/retry', { params: { id }, body: {} }),
  checkpoints: (cursor?: string, signal?: AbortSignal) => call('GET /api/checkpoints', { query: { limit: 50, cursor }, signal }),
  take: (body: Given<'POST /api/checkpoints'>['body']) => call('POST /api/checkpoints', { body }),
  preview: (id: string, signal?: AbortSignal) => call('GET /api/checkpoints/:id/preview', { params: { id }, signal }),
  restore: (id: string, body: Given<'POST /api/checkpoints/:id/restore'>['body']) =>
    call('POST /api/checkpoints/:id/restore', { params: { id }, body }),
  drill: () => call('POST /api/checkpoints/drill', { body: {} }),
  executors: (signal?: AbortSignal) => call('GET /api/executors', { signal }),
  projects: (signal?: AbortSignal) => call('GET /api/projects', { signal }),
};
