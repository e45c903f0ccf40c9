import { openLineWriter } from './line-writer.ts';
import { maskSecrets } from './mask.ts';

/** An append-only file of JSON lines that answers for what was done: `safety.jsonl`, `api.jsonl`. */
export interface Audit {
  /** Written before it returns; secrets masked. Returns false while the disk refuses: the line is kept and tried again. */
  append(value: object): boolean;
  /** Try again what the disk refused. Returns whether every line stands. */
  flush(): boolean;
  close(): void;
}

export function openAudit(path: string): Audit {
  const lines = openLineWriter(path);
  return {
    append(value) {
      lines.write(maskSecrets(JSON.stringify(value)));
      return lines.flush();
    },
    flush: () => lines.flush(),
    close: () => lines.close(),
  };
}
