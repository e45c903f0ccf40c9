import { type ReactNode, useState } from 'react';
import type { CheckpointPreview, CheckpointRow } from '../../../../src/protocol/checkpoints.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Form } from '../../parts/form.tsx';
import { Reading } from '../../parts/reading.tsx';
import { changesApi } from '../../state/changes-api.ts';
import { localTime } from '../../state/format.ts';
import { legible } from '../../state/legible.ts';
import { tell } from '../../state/notices.ts';
import { useRead } from '../../state/society.ts';

type OneProject = CheckpointPreview['projects'][number];

/** What a restore would take back, project by project, and the word to do it. */
export function RestoreDialog({ checkpoint, onClose }: { checkpoint: CheckpointRow; onClose: () => void }) {
  const { checkpoint_id, at } = checkpoint;
  const read = useRead(`preview ${checkpoint_id}`, (signal) => changesApi.preview(checkpoint_id, signal), ['changes']);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Return to ${localTime(at)}?`}
      description="Each project gets a new commit that shows what it showed then. Nothing is rewritten; money, tokens, mail and tasks stay."
      wide
    >
      <div className="-mx-4 mt-3">
        <Reading read={read} label="Loading what it would take back">
          {(preview) => <Preview preview={preview} onDone={onClose} />}
        </Reading>
      </div>
    </Dialog>
  );
}

function Preview({ preview, onDone }: { preview: CheckpointPreview; onDone: () => void }) {
  const [mine, setMine] = useState(false);
  const [stop, setStop] = useState(false);
  const needsMine = preview.projects.some((one) => one.needs_including_mine);
  const running = preview.projects.flatMap((one) => one.running);
  const nothing = preview.projects.every(({ same }) => same);
  const send = async () => {
    const { same, because } = await changesApi.restore(preview.checkpoint_id, { including_mine: mine, stop });
    tell(
      same ? 'done' : 'refused',
      same ? 'Restored: every project shows what it showed then' : 'It is not the same as then',
      because,
    );
    onDone();
  };
  return (
    <div className="px-4">
      <div className="flex flex-col gap-4">
        {preview.projects.map((one) => (
          <Project key={one.project} one={one} />
        ))}
        {preview.versions.length > 0 ? (
          <p className="text-[12.5px] text-dim">
            What was learned since stays as it is: {preview.versions.map(({ name }) => legible(name)).join(', ')}
          </p>
        ) : null}
      </div>
      {nothing ? (
        <p className="mt-3 text-dim">Every project shows that already.</p>
      ) : (
        <Form onSend={send} submit="Restore" tone="btn-bad" cancel="Leave it" onCancel={onDone}>
          {() => (
            <>
              {needsMine ? <Tick label="Take back commits of mine, too" on={mine} onChange={setMine} /> : null}
              {running.length > 0 ? <Tick label={`Stop ${running.join(', ')} first`} on={stop} onChange={setStop} /> : null}
            </>
          )}
        </Form>
      )}
    </div>
  );
}

function Tick({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="flex items-center gap-2">
      <input type="checkbox" className="size-4 accent-leaf" checked={on} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

const MOST = 12;

function Project({ one }: { one: OneProject }) {
  const { project, same, files, commits, waiting, rewritten, problem } = one;
  return (
    <section aria-label={project}>
      <h3 className="font-medium">{project}</h3>
      {problem ? <p className="break-words text-bad">{legible(problem)}</p> : null}
      {same ? <p className="text-dim">It shows that already.</p> : null}
      {rewritten ? <p className="text-warn">Its branch does not come from that commit any more.</p> : null}
      {commits.length > 0 ? (
        <Some title="Commits taken back" rows={commits}>
          {({ commit, subject, author, by }) => (
            <>
              <code className="font-mono text-[11.5px]">{commit.slice(0, 12)}</code> {legible(subject)}{' '}
              <span className={by === 'you' ? 'font-medium text-warn' : 'text-dim'}>
                {by === 'you' ? 'yours' : legible(author)}
              </span>
            </>
          )}
        </Some>
      ) : null}
      {files.length > 0 ? (
        <Some title="Files" rows={files}>
          {({ path, change }) => (
            <>
              <code className="break-all font-mono text-[12px]">{legible(path)}</code> <span className="text-dim">{change}</span>
            </>
          )}
        </Some>
      ) : null}
      {waiting.length > 0 ? <p className="text-[12.5px] text-dim">Merged anew: {waiting.join(', ')}</p> : null}
    </section>
  );
}

function Some<T>({ title, rows, children }: { title: string; rows: readonly T[]; children: (row: T) => ReactNode }) {
  return (
    <>
      <h4 className="mt-1 text-[12.5px] font-medium text-dim">
        {title} <span className="num">{rows.length.toLocaleString()}</span>
      </h4>
      <ul className="text-[12.5px]">
        {rows.slice(0, MOST).map((row, index) => (
          <li key={index} className="break-words">
            {children(row)}
          </li>
        ))}
        {rows.length > MOST ? <li className="text-dim">and {(rows.length - MOST).toLocaleString()} more</li> : null}
      </ul>
    </>
  );
}
