export { type Edit, type Edited, editText } from './apply.ts';
export { diffLines } from './diff-lines.ts';
export { numbered, shrinksTooFar } from './reading.ts';
