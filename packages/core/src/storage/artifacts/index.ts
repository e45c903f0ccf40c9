export { type Artifacts, type FoundArtifact, type NewArtifact, openArtifacts } from './artifacts.ts';
