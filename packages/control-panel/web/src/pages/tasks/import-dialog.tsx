import { FileUp } from 'lucide-react';
import { useId, useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { Refused } from '../../state/api.ts';
import { tell } from '../../state/notices.ts';
import { workApi } from '../../state/work-api.ts';

/** Add the tasks of a file: JSON, one object a line, or a queue.json. All are added or none. */
export function ImportDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Import tasks"
      description="A JSON array, an object with “tasks” such as queue.json, or one JSON object a line. All are added, or none."
      wide
    >
      <Chooser onClose={onClose} />
    </Dialog>
  );
}

function Chooser({ onClose }: { onClose: () => void }) {
  const [refused, setRefused] = useState<Refused | undefined>();
  const take = async (file: File) => {
    try {
      const { task_ids, known } = await workApi.importFile(file);
      tell('done', addedWords(task_ids.length - known.length, known.length));
      onClose();
    } catch (error) {
      setRefused(error instanceof Refused ? error : undefined);
    }
  };
  return (
    <div className="mt-4 flex flex-col gap-3">
      <DropZone onFile={take} />
      {refused ? <Faults refused={refused} /> : null}
    </div>
  );
}

function addedWords(fresh: number, known: number): string {
  return `Added ${fresh} ${fresh === 1 ? 'task' : 'tasks'}${known > 0 ? `; ${known} already existed` : ''}`;
}

/** Takes a file that is chosen or dropped. */
function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const id = useId();
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file) onFile(file);
  };
  return (
    <label
      htmlFor={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
      className={`flex cursor-pointer flex-col items-center gap-1 rounded-lg border border-dashed px-4 py-8 text-center focus-within:border-leaf ${over ? 'border-leaf bg-leafbg' : 'border-line bg-bg'}`}
    >
      <FileUp aria-hidden className="size-5 text-dim" />
      <span className="font-medium">Choose a file, or drop it here</span>
      <span className="text-[12.5px] text-dim">.json or .jsonl</span>
      <input
        id={id}
        type="file"
        accept=".json,.jsonl,.ndjson,application/json"
        className="sr-only"
        onChange={(event) => {
          take(event.target.files);
          event.target.value = '';
        }}
      />
    </label>
  );
}

/** Why nothing was added: each line or field at fault. */
function Faults({ refused }: { refused: Refused }) {
  return (
    <div role="alert">
      <p className="font-medium text-bad">{refused.message}</p>
      <ul className="mt-1 max-h-48 overflow-y-auto">
        {Object.entries(refused.fields).map(([field, message]) => (
          <li key={field} className="break-words text-[12.5px]">
            <span className="font-mono">{field}</span>: {message}
          </li>
        ))}
      </ul>
      {refused.fix ? <p className="mt-1 text-[12.5px] text-dim">{refused.fix}</p> : null}
    </div>
  );
}
