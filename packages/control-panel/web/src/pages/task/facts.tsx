import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { TaskDetail } from '../../../../src/protocol/tasks.ts';
import { Decide } from '../../parts/decide.tsx';
import { Mark } from '../../parts/mark.tsx';
import { inAddress } from '../../state/address.ts';
import { localTime, span, took, usd } from '../../state/format.ts';
import { useNow } from '../../state/now.ts';
import { useName } from '../../state/world.ts';
import { EditDialog } from './edit-dialog.tsx';

/** The task's next mover, what a person can do, and its facts. */
export function Facts({ detail }: { detail: TaskDetail }) {
  const { row, task, outcome } = detail;
  const nameOf = useName();
  return (
    <aside aria-label="Facts and decisions" className="card flex flex-col gap-4 p-4 max-lg:order-1">
      <Explain detail={detail} />
      <div className="flex flex-wrap gap-2 empty:hidden">
        <Decide row={row} withCancel />
        <EditButton detail={detail} />
      </div>
      <dl className="grid grid-cols-[6.5rem_1fr] gap-x-3 gap-y-2">
        <Fact name="Resident">
          {row.resident ? (
            <span className="inline-flex items-center gap-2">
              <Mark name={row.resident} size={20} />
              {nameOf(row.resident)}
            </span>
          ) : undefined}
        </Fact>
        <Fact name="Changes">
          {task.project ? <ChangeLink id={row.id} project={task.project} begun={row.attempt > 0} /> : undefined}
        </Fact>
        <Fact name="Cost">
          <span className="num">
            {usd(row.spent_usd)} of {usd(row.max_budget)}
          </span>
        </Fact>
        <Fact name="Attempt">{row.attempt}</Fact>
        <Fact name="Model">{outcome?.model ?? task.model}</Fact>
        <Fact name="Chosen because">{outcome?.model_decision?.reason}</Fact>
        <Fact name="Tokens">
          {outcome?.usage ? `${outcome.usage.prompt_tokens} in · ${outcome.usage.completion_tokens} out` : undefined}
        </Fact>
        <Fact name="Took">{outcome?.duration_ms === undefined ? undefined : took(outcome.duration_ms)}</Fact>
        <Fact name="Exit code">{outcome?.exit_code}</Fact>
        <Fact name="Route">
          {outcome?.tool_route ? `${outcome.tool_route}${outcome.tool_name ? ` · ${outcome.tool_name}` : ''}` : undefined}
        </Fact>
        <Fact name="After">{task.depends_on.length > 0 ? <Ids ids={task.depends_on} /> : undefined}</Fact>
        <Fact name="Steps">{detail.children ? <Ids ids={detail.children} /> : undefined}</Fact>
        <Fact name="Part of">{row.parent_task_id ? <Ids ids={[row.parent_task_id]} /> : undefined}</Fact>
        <Fact name="Priority">{task.priority === 0 ? undefined : task.priority}</Fact>
        <Fact name="Pinned to">{task.identity_id ? nameOf(task.identity_id) : undefined}</Fact>
        <Fact name="Lease">
          {row.lease ? (
            <span className="break-all">
              <span className="font-mono text-[12px]">{row.lease.worker_id}</span> since {localTime(row.lease.claimed_at)}
            </span>
          ) : undefined}
        </Fact>
        <Fact name="Lock">
          {detail.lock ? `process ${detail.lock.pid} on ${detail.lock.host}, claim ${detail.lock.epoch}` : undefined}
        </Fact>
        <Fact name="Added">{localTime(row.added_at)}</Fact>
        <Fact name="Changed">{localTime(row.updated_at)}</Fact>
      </dl>
    </aside>
  );
}

/** The project that it changes, and what it proposes there. */
function ChangeLink({ id, project, begun }: { id: string; project: string; begun: boolean }) {
  return (
    <>
      {project}
      {begun ? (
        <Link href={`/changes/${inAddress(id)}`} className="ml-2 text-leaf hover:underline">
          look at the change
        </Link>
      ) : null}
    </>
  );
}

function Ids({ ids }: { ids: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-x-2">
      {ids.map((id) => (
        <Link
          key={id}
          href={`/tasks/${inAddress(id)}`}
          className="break-all font-mono text-[12px] hover:text-leaf hover:underline"
        >
          {id}
        </Link>
      ))}
      {ids.length > 0 ? (
        <Link href={`/tasks?view=graph&focus=${inAddress(ids[0] ?? '')}`} className="text-[12px] text-leaf hover:underline">
          graph
        </Link>
      ) : null}
    </span>
  );
}

/** Only a task that waits can be changed. */
function EditButton({ detail: { row, task } }: { detail: TaskDetail }) {
  const [open, setOpen] = useState(false);
  const waits = (row.status === 'queued' || row.status === 'requeue') && !row.lease;
  if (!waits) return null;
  return (
    <>
      <button type="button" className="btn self-start" onClick={() => setOpen(true)}>
        Edit
      </button>
      <EditDialog task={task} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === undefined || children === null) return null;
  return (
    <>
      <dt className="text-dim">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

const MOVERS = {
  lease: 'A worker has it',
  timer: 'A timer',
  dependency: 'Another task',
  worker: 'The next free worker',
  person: 'You',
  nobody: 'Nobody: it is finished',
} as const;

/** Who moves the task next, and why it stands where it stands. */
function Explain({ detail: { explanation, row } }: { detail: TaskDetail }) {
  const { mover, because, action } = explanation;
  const now = useNow();
  return (
    <div className="rounded-lg bg-bg p-3">
      <p className="text-[12.5px] text-dim">Moved next by</p>
      <p className="font-medium">
        {MOVERS[mover.kind]}
        {mover.kind === 'timer' ? `, in ${span(Date.parse(mover.at) - now)}` : ''}
        {mover.kind === 'lease' && row.lease ? `, for ${span(now - Date.parse(row.lease.claimed_at))}` : ''}
      </p>
      {because && mover.kind !== 'nobody' ? <p className="mt-1 break-words text-dim">{because}</p> : null}
      {mover.kind === 'dependency' ? (
        <Link href={`/tasks/${inAddress(mover.task_id)}`} className="mt-1 inline-block break-all text-leaf hover:underline">
          Look at {mover.task_id}
        </Link>
      ) : null}
      {action !== 'none' && action !== '' ? (
        <p className="mt-1 text-[12px] text-dim">
          On the command line: <code className="break-all font-mono">{action}</code>
        </p>
      ) : null}
    </div>
  );
}
