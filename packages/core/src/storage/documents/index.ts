export { readDocument, updateDocument, writeDocument } from './document.ts';
export { ensureStarterIdentities, loadIdentities } from './identities.ts';
export { type Guard, withLock } from './lock.ts';
export { CORRUPT_MARK, type DocumentFinding, moveAside, type OnFinding } from './move-aside.ts';
export { openPublisher, type Publisher } from './publisher.ts';
export { watchIdentities } from './watch-identities.ts';
