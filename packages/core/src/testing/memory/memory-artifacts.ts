import { createHash } from 'node:crypto';
import { ArtifactName } from '../../contract/outcome.ts';
import { fieldProblemsOf, InvalidInputError, StorageError } from '../../errors/index.ts';
import type { Artifacts } from '../../ports/artifacts.ts';

/** Outputs that live and die with the process. */
export function memoryArtifacts(): Artifacts {
  const blobs = new Map<string, Buffer>();
  const names = new Map<string, string>();
  const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const refOf = (artifact_id: string, sha256: string) => {
    const bytes = blobs.get(sha256)?.byteLength ?? 0;
    return { artifact_id, path: `.swarm/artifacts/${artifact_id}`, sha256, bytes };
  };
  return {
    async put(artifact) {
      const named = ArtifactName.safeParse(artifact);
      if (!named.success)
        throw new InvalidInputError('An artifact cannot be stored', fieldProblemsOf(named.error, { at: 'artifact' }));
      const { task_id, attempt, name, bytes: given } = artifact;
      const bytes = Buffer.from(given);
      const sha256 = hashOf(bytes);
      blobs.set(sha256, bytes);
      const id = `${task_id}/${attempt}/${name}`;
      names.set(id, sha256);
      return refOf(id, sha256);
    },
    async read({ path, sha256 }) {
      const bytes = blobs.get(sha256);
      if (bytes) return Buffer.from(bytes);
      throw new StorageError(`The artifact ${path} is gone or was changed`);
    },
    async find(artifact_id) {
      const sha256 = names.get(artifact_id);
      const bytes = sha256 === undefined ? undefined : blobs.get(sha256);
      return sha256 !== undefined && bytes ? { ref: refOf(artifact_id, sha256), bytes: Buffer.from(bytes) } : undefined;
    },
  };
}
