export { type Artifacts, type NewArtifact, openArtifacts } from './artifacts.ts';
