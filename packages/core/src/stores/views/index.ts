export { jsonSnapshot } from './json-snapshot.ts';
export { openPublisher, type Publisher } from './publisher.ts';
