import { maskSecrets } from '../../log/mask.ts';
import type { Backend } from '../../ports/backend.ts';

/** An append-only file of JSON lines that answers for what was done: `safety.jsonl`, `api.jsonl`. */
export interface Audit {
  /** Written before it returns; secrets masked. Returns false while the disk refuses: the line is kept and tried again. */
  append(value: object): boolean;
  /** Try again what the disk refused. Returns whether every line stands. */
  flush(): boolean;
  /** The last `bytes` bytes as text; its first line may be cut. */
  tail(bytes: number): string;
  close(): void;
}

/** @param name one of `LINES`, or another path below the world's root */
export function openAudit(backend: Pick<Backend, 'lines'>, name: string): Audit {
  const lines = backend.lines(name);
  return {
    append(value) {
      lines.write(maskSecrets(JSON.stringify(value)));
      return lines.flush();
    },
    flush: () => lines.flush(),
    tail: (bytes) => lines.tail(bytes),
    close: () => lines.close(),
  };
}
