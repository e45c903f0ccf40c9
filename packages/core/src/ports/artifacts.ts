import type { ArtifactRef } from '../contract/outcome.ts';

export interface NewArtifact {
  readonly task_id: string;
  readonly attempt: number;
  /** A plain file name, e.g. `output.txt`. */
  readonly name: string;
  readonly bytes: Uint8Array | string;
  /** Synced before the reference is returned. Without it somebody else must be able to write the output again. */
  readonly durable?: boolean;
}

/** A stored output as it is found, unchecked: nobody said what it should be. */
export interface FoundArtifact {
  readonly ref: ArtifactRef;
  readonly bytes: Buffer;
}

/** Outputs, each content stored once and known as `<task_id>/<attempt>/<name>`. */
export interface Artifacts {
  /** Store it; the same content again costs next to nothing. A name that is taken is replaced. @throws InvalidInputError, StorageError */
  put(artifact: NewArtifact): Promise<ArtifactRef>;
  /** The bytes, checked against the reference. @throws StorageError when they are gone or were changed */
  read(ref: ArtifactRef): Promise<Buffer>;
  /** What lies under an id `<task_id>/<attempt>/<name>` at this moment, with its reference; undefined for nothing, or no id. */
  find(artifact_id: string): Promise<FoundArtifact | undefined>;
}
