import { FlaskConical, History, Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { CheckpointDrill, CheckpointPage, CheckpointRow } from '../../../src/protocol/checkpoints.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Check } from '../parts/check.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Frame } from '../parts/frame.tsx';
import { Reading } from '../parts/reading.tsx';
import { More, PageTitle, Tag, When } from '../parts/small.tsx';
import { inAddress } from '../state/address.ts';
import { changesApi } from '../state/changes-api.ts';
import { useDraft } from '../state/draft.ts';
import { legible } from '../state/legible.ts';
import { attempt, tell } from '../state/notices.ts';
import { useRead } from '../state/society.ts';
import { useOlder } from '../state/use-older.ts';
import { RestoreDialog } from './checkpoints/restore.tsx';

/** What projects showed, to be able to return to it. */
export default function CheckpointsPage() {
  const read = useRead('checkpoints', (signal) => changesApi.checkpoints(undefined, signal), ['changes']);
  const [taking, setTaking] = useState(false);
  return (
    <>
      <PageTitle
        aside={
          <>
            <DrillButton />
            <button type="button" className="btn btn-go" onClick={() => setTaking(true)}>
              <Plus aria-hidden className="size-4" />
              Take a checkpoint
            </button>
          </>
        }
      >
        Checkpoints
      </PageTitle>
      <Card
        title="Newest first"
        icon={History}
        aside={<span className="text-[12.5px] text-dim">Money, tokens, mail and tasks never go back</span>}
      >
        <Reading read={read} label="Loading checkpoints" lines={6}>
          {(page) => <Rows first={page} again={read.again} />}
        </Reading>
      </Card>
      <Dialog
        open={taking}
        onOpenChange={setTaking}
        title="Take a checkpoint"
        description="It keeps what every project shows at this moment. One is taken by itself before each landing."
      >
        <TakeForm
          onDone={() => {
            setTaking(false);
            read.again();
          }}
        />
      </Dialog>
    </>
  );
}

function Rows({ first, again }: { first: CheckpointPage; again: () => void }) {
  const [chosen, setChosen] = useState<CheckpointRow | undefined>();
  const { rows, more } = useOlder({ rows: first.checkpoints, next: first.next_cursor }, async (cursor) => {
    const page = await changesApi.checkpoints(cursor);
    return { rows: page.checkpoints, next: page.next_cursor };
  });
  if (rows.length === 0)
    return <Empty>There is no checkpoint yet. One is taken before the first change lands, or when you take one.</Empty>;
  return (
    <>
      <ol className="flex flex-col divide-y divide-line">
        {rows.map((row) => (
          <Frame key={row.checkpoint_id} as="li">
            <Row row={row} onRestore={() => setChosen(row)} />
          </Frame>
        ))}
      </ol>
      {more ? <More onMore={more}>Show older checkpoints</More> : null}
      {chosen ? (
        <RestoreDialog
          checkpoint={chosen}
          onClose={() => {
            setChosen(undefined);
            again();
          }}
        />
      ) : null}
    </>
  );
}

function Row({ row, onRestore }: { row: CheckpointRow; onRestore: () => void }) {
  const { before, restores } = row;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="break-words font-medium">{legible(row.note ?? titleOf(row))}</span>
          <Tag>{row.automatic ? 'automatic' : 'by you'}</Tag>
          <When at={row.at} />
        </p>
        <p className="flex flex-wrap gap-x-3 text-[12px] text-dim">
          {row.trees.map(({ project, commit }) => (
            <span key={project}>
              {project} <code className="font-mono text-[11.5px]">{commit.slice(0, 12)}</code>
            </span>
          ))}
          {before?.change_id ? (
            <Link href={`/changes/${inAddress(before.change_id)}`} className="text-leaf hover:underline">
              look at the change
            </Link>
          ) : null}
          {restores.length > 0 ? (
            <span>
              restored {restores.length === 1 ? 'once' : `${restores.length} times`}
              {restores.some(({ same }) => same === false) ? ', not to the same tree' : ''}
            </span>
          ) : null}
        </p>
      </div>
      <button type="button" className="btn" onClick={onRestore}>
        Look at a restore<span className="sr-only"> of {row.checkpoint_id}</span>
      </button>
    </li>
  );
}

function titleOf({ before, automatic }: CheckpointRow): string {
  if (before?.restore_id) return 'Before a restore';
  return automatic ? 'Before a change landed' : 'Taken by hand';
}

function DrillButton() {
  const [drill, setDrill] = useState<CheckpointDrill | undefined>();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await attempt(async () => setDrill(await changesApi.drill()));
    setBusy(false);
  };
  return (
    <>
      <button type="button" className="btn" disabled={busy} onClick={run}>
        <FlaskConical aria-hidden className="size-4" />
        {busy ? 'Trying…' : 'Try the way back'}
      </button>
      <Dialog
        open={drill !== undefined}
        onOpenChange={() => setDrill(undefined)}
        title={drill?.passed ? 'The way back works' : 'The way back does not work'}
        description="It was tried in the stores alone; no project was touched."
      >
        <ul className="mt-3 flex flex-col gap-1.5">
          {drill?.drills.map(({ project, passed, detail }) => (
            <Check key={project} name={project} passed={passed} detail={detail} exact />
          ))}
        </ul>
      </Dialog>
    </>
  );
}

const NO_NOTE = { note: '' };

function TakeForm({ onDone }: { onDone: () => void }) {
  const [draft, change, clear] = useDraft('checkpoint', NO_NOTE);
  const send = async () => {
    const note = draft.note.trim();
    await changesApi.take(note === '' ? {} : { note });
    clear();
    onDone();
    tell('done', 'Taken');
  };
  return (
    <Form onSend={send} submit="Take it" onCancel={onDone} fields={['note']}>
      {(errorOf) => (
        <TextField
          label="Note"
          hint="What it is, for you; may be left empty"
          value={draft.note}
          onChange={(note) => change({ note })}
          error={errorOf('note')}
        />
      )}
    </Form>
  );
}
