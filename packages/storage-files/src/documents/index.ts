export { fileDocuments } from './file-documents.ts';
export { CORRUPT_MARK } from './move-aside.ts';
