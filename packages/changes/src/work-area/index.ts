export * from './files-of.ts';
export { openWorkArea, type WorkArea } from './open-work-area.ts';
export { sweepWorkAreas } from './sweep.ts';
