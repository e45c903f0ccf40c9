export { type Integration, integrate, type Look } from './integrate.ts';
export { lookAtProject, type Moved, moveChange } from './move.ts';
export { conflictInWords } from './stack.ts';
