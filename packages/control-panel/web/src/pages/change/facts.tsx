import { Link } from 'wouter';
import type { ChangeDetail } from '../../../../src/protocol/changes.ts';
import { Fact, Who } from '../../parts/small.tsx';
import { inAddress } from '../../state/address.ts';
import { localTime, usd } from '../../state/format.ts';

const MODES = { exact: 'exactly this tree', same_files: 'these files, also on a newer base' } as const;

/** Where a change comes from, and what binds it. */
export function ChangeFacts({ detail }: { detail: ChangeDetail }) {
  const { author, landing, approval, mode, qa } = detail;
  return (
    <dl className="flex flex-col gap-2">
      <Fact name="Project">{detail.project}</Fact>
      <Fact name="Task">
        <Link
          href={`/tasks/${inAddress(detail.task_id)}`}
          className="break-all font-mono text-[12px] hover:text-leaf hover:underline"
        >
          {detail.task_id}
        </Link>
        {detail.attempt > 1 ? `, attempt ${detail.attempt}` : ''}
      </Fact>
      {author ? (
        <Fact name="Author">
          <Who id={author} />
        </Fact>
      ) : null}
      {qa ? (
        <Fact name="QA">
          <Who id={qa.by} />
        </Fact>
      ) : null}
      <Fact name="Executor">{detail.executor}</Fact>
      <Fact name="Cost">
        <span className="num">{usd(detail.spent_usd)}</span>
      </Fact>
      {mode ? <Fact name="A yes binds to">{MODES[mode]}</Fact> : null}
      <Fact name="Entries">
        <Hash>{detail.entries_sha256 || 'not handed in'}</Hash>
      </Fact>
      <Fact name="Tree">
        <Hash>{detail.tree}</Hash>
      </Fact>
      <Fact name="Base">
        <Hash>{detail.base_commit}</Hash>
      </Fact>
      {landing ? (
        <Fact name="Landed">
          {localTime(landing.at)} as <Hash>{landing.commit}</Hash>
        </Fact>
      ) : null}
      {approval ? <Fact name="Yes ends">{localTime(approval.expires_at)}</Fact> : null}
      <Fact name="Opened">{localTime(detail.opened_at)}</Fact>
      <Fact name="Changed">{localTime(detail.updated_at)}</Fact>
    </dl>
  );
}

const Hash = ({ children }: { children: string }) => <code className="break-all font-mono text-[11.5px]">{children}</code>;
