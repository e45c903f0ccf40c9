import { Columns2, FileDiff as FileIcon, Rows2 } from 'lucide-react';
import type { ChangeDetail, ChangeFile } from '../../../../src/protocol/changes.ts';
import { Card, Loading, Trouble } from '../../parts/card.tsx';
import { Frame } from '../../parts/frame.tsx';
import { Tag } from '../../parts/small.tsx';
import { changesApi } from '../../state/changes-api.ts';
import { legible } from '../../state/legible.ts';
import { type Read, useRead } from '../../state/society.ts';
import { Difference, type Form } from './diff.tsx';
import { TIERS, TierMark } from './look.tsx';
import { FileTree, WORDS } from './tree.tsx';

interface Props {
  readonly detail: ChangeDetail;
  readonly files: readonly ChangeFile[];
  readonly chosen: ChangeFile | undefined;
  readonly form: Form;
  readonly seen: ReadonlySet<string>;
  readonly onChoose: (file: ChangeFile) => void;
  readonly onTick: (file: ChangeFile) => void;
  readonly onForm: () => void;
}

/** What a change does to the project's files: all of them at the left, one of them beside. */
export function Files({ detail, files, chosen, form, seen, onChoose, onTick, onForm }: Props) {
  const version = `${detail.base_tree} ${detail.tree} ${detail.entries_sha256}`;
  const diff = useRead(
    `diff ${detail.change_id} ${version}`,
    (signal) => changesApi.diff(detail.change_id, undefined, signal),
    [],
  );
  const ticked = files.filter(({ path }) => seen.has(path)).length;
  return (
    <Card
      title="What changes"
      icon={FileIcon}
      aside={
        <>
          <span className="num text-[12.5px] text-dim">
            {ticked} of {files.length} seen
          </span>
          <FormToggle form={form} onForm={onForm} />
        </>
      }
    >
      {files.length === 0 ? <p className="px-4 pb-4 text-dim">Nothing is handed in yet.</p> : null}
      {files.length > 0 ? (
        <div className="grid border-t border-line lg:grid-cols-[19rem_minmax(0,1fr)] lg:divide-x lg:divide-line">
          <FileTree files={files} chosen={chosen?.path} seen={seen} onChoose={onChoose} onTick={onTick} />
          {chosen ? (
            <div className="min-w-0 max-lg:border-t max-lg:border-line">
              <FileHead file={chosen} seen={seen.has(chosen.path)} onTick={() => onTick(chosen)} />
              <Frame key={`${version} ${chosen.path}`}>
                <OneFile id={detail.change_id} version={version} file={chosen} form={form} read={diff} />
              </Frame>
            </div>
          ) : null}
        </div>
      ) : null}
    </Card>
  );
}

function FormToggle({ form, onForm }: { form: Form; onForm: () => void }) {
  const Icon = form === 'split' ? Columns2 : Rows2;
  return (
    <button type="button" className="btn" aria-pressed={form === 'split'} onClick={onForm}>
      <Icon aria-hidden className="size-3.5" />
      Side by side
    </button>
  );
}

function FileHead({ file, seen, onTick }: { file: ChangeFile; seen: boolean; onTick: () => void }) {
  const mode =
    file.before && file.after && file.before.mode !== file.after.mode
      ? `mode ${file.before.mode} → ${file.after.mode}`
      : undefined;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <h3 className="min-w-0 break-all font-mono text-[12.5px] font-medium">
        {file.from ? `${legible(file.from)} → ` : ''}
        {legible(file.path)}
      </h3>
      <TierMark tier={file.tier} words />
      <span className="text-[12px] text-dim">{TIERS[file.tier][1]}</span>
      <Tag>{WORDS[file.change]}</Tag>
      {mode ? <Tag tone="text-warn">{mode}</Tag> : null}
      {file.test ? <Tag>{file.by_qa ? 'test, brought by QA' : 'test'}</Tag> : null}
      <button
        type="button"
        aria-pressed={seen}
        className={`btn ml-auto ${seen ? 'border-leaf bg-leafbg text-leaf' : ''}`}
        onClick={onTick}
      >
        {seen ? 'Seen' : 'Mark as seen'}
      </button>
    </div>
  );
}

interface OneProps {
  readonly id: string;
  readonly version: string;
  readonly file: ChangeFile;
  readonly form: Form;
  readonly read: Read<Awaited<ReturnType<typeof changesApi.diff>>>;
}

/** One that did not come with the others is asked for by itself. */
function OneFile({ id, version, file, form, read }: OneProps) {
  const whole = read.data?.files.find(({ path }) => path === file.path);
  const late = whole?.shown_as === 'later';
  if (read.trouble && !read.data) return <Trouble text={read.trouble.message} fix={read.trouble.fix} onRetry={read.again} />;
  if (late) return <LateFile id={id} version={version} file={file} form={form} />;
  if (!whole)
    return read.data ? (
      <Trouble text="The server has another version of this change" fix="Reload the page" />
    ) : (
      <Loading label="Loading the difference" lines={6} />
    );
  return <Difference file={file} diff={whole} form={form} />;
}

function LateFile({ id, version, file, form }: Omit<OneProps, 'read'>) {
  const read = useRead(`diff ${id} ${version} ${file.path}`, (signal) => changesApi.diff(id, file.path, signal), []);
  const [one] = read.data?.files ?? [];
  if (one) return <Difference file={file} diff={one} form={form} />;
  if (read.trouble) return <Trouble text={read.trouble.message} fix={read.trouble.fix} onRetry={read.again} />;
  return <Loading label="Loading the difference" lines={6} />;
}
