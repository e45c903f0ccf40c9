export { fileArtifacts } from './artifacts.ts';
