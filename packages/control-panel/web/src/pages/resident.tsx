import { Award, BookHeart, FileUser, Gavel, History, ListChecks, MessageCircle, Pin, Sparkles, Users } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ProfileView } from '../../../src/protocol/residents.ts';
import { capital, KIND_WORDS, spaced } from '../../../src/world/words.ts';
import { Card, Empty } from '../parts/card.tsx';
import { InertHtml } from '../parts/inert-html.tsx';
import { Mark } from '../parts/mark.tsx';
import { Reading } from '../parts/reading.tsx';
import { Fact, Plain, Tag, When, Who } from '../parts/small.tsx';
import { Status } from '../parts/status.tsx';
import { TaskLink } from '../parts/task-line.tsx';
import { TipButton } from '../parts/tip.tsx';
import { usd } from '../state/format.ts';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { DisputeWord } from './disputes/parts.tsx';
import { PinTaskDialog, WriteDialog } from './resident/dialogs.tsx';
import { Memories, SelfEdits } from './resident/self.tsx';
import { Trend } from './resident/trend.tsx';
import { WalletCard } from './resident/wallet.tsx';
import { Wakefulness } from './residents.tsx';

/** One resident, whole: who it is, what it owns, what it did. */
export default function ResidentPage({ id }: { id: string }) {
  const read = useRead(`resident ${id}`, (signal) => society.profile(id, signal), [
    'residents',
    'wallets',
    'mail',
    'guilds',
    'disputes',
  ]);
  return (
    <>
      <Link href="/residents" className="text-dim hover:text-leaf">
        Residents
      </Link>
      {read.data ? (
        <Profile profile={read.data} />
      ) : (
        <div className="card mt-2">
          <Reading read={read} label="Loading the resident" lines={8}>
            {() => null}
          </Reading>
        </div>
      )}
    </>
  );
}

function Profile({ profile }: { profile: ProfileView }) {
  const [open, setOpen] = useState<'write' | 'pin' | undefined>();
  const shut = () => setOpen(undefined);
  return (
    <>
      <div className="mb-4 mt-1 flex flex-wrap items-center gap-3">
        <Mark name={profile.identity_id} size={44} />
        <div className="mr-auto min-w-0">
          <h1 className="break-words text-[18px] font-semibold leading-6">{profile.name}</h1>
          <div className="flex flex-wrap items-center gap-2">
            <Wakefulness awake={profile.awake} />
            {profile.hat ? <Tag>{profile.hat}</Tag> : null}
          </div>
        </div>
        <div className="flex flex-wrap gap-2 max-sm:w-full">
          <button type="button" className="btn" onClick={() => setOpen('write')}>
            <MessageCircle aria-hidden className="size-4" />
            Send message
          </button>
          <TipButton id={profile.identity_id} name={profile.name} />
          <button type="button" className="btn" onClick={() => setOpen('pin')}>
            <Pin aria-hidden className="size-4" />
            Pin a task
          </button>
        </div>
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Self profile={profile} />
          <Work profile={profile} />
          <Memories profile={profile} />
          <Journals profile={profile} />
          <Actions profile={profile} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Standing profile={profile} />
          <WalletCard id={profile.identity_id} profile={profile} />
          <Knows profile={profile} />
          <Together profile={profile} />
          <SelfEdits profile={profile} />
        </div>
      </div>
      <WriteDialog id={profile.identity_id} name={profile.name} open={open === 'write'} onDone={shut} />
      <PinTaskDialog id={profile.identity_id} name={profile.name} open={open === 'pin'} onDone={shut} />
    </>
  );
}

function Self({ profile }: { profile: ProfileView }) {
  const { core_summary: core, profile: own, summary } = profile;
  const blank = !summary && !core.identity_statement && !own.display && core.traits.length === 0 && core.values.length === 0;
  return (
    <Card title="Who it is" icon={FileUser}>
      <div className="flex flex-col gap-3 px-4 pb-4">
        {blank ? <p className="text-dim">It has not said anything about itself yet.</p> : null}
        {own.display && own.display !== summary ? <Plain className="font-medium">{own.display}</Plain> : null}
        {summary ? <Plain>{summary}</Plain> : null}
        {core.identity_statement ? (
          <blockquote className="border-l-2 border-line pl-3 text-dim">{core.identity_statement}</blockquote>
        ) : null}
        <Words name="Traits" words={core.traits} />
        <Words name="Values" words={core.values} />
        {core.communication_style ? <p className="text-dim">Speaks: {core.communication_style}</p> : null}
        <Mutable mutable={profile.mutable} />
        {own.custom_html ? (
          <div role="group" aria-label="Its own page" className="rounded-lg border border-line bg-bg p-3">
            <InertHtml html={own.custom_html} />
          </div>
        ) : null}
      </div>
    </Card>
  );
}

function Words({ name, words }: { name: string; words: readonly string[] }) {
  if (words.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-1.5">
      <span className="w-16 text-dim">{name}</span>
      {words.map((word) => (
        <Tag key={word}>{word}</Tag>
      ))}
    </p>
  );
}

function Mutable({ mutable }: { mutable: ProfileView['mutable'] }) {
  const shown = Object.entries(mutable).flatMap(([key, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
    return text === '' ? [] : [[capital(spaced(key)), text] as const];
  });
  if (shown.length === 0) return null;
  return (
    <dl className="flex flex-col gap-1">
      {shown.map(([name, value]) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
    </dl>
  );
}

function Work({ profile }: { profile: ProfileView }) {
  const { tasks, trend, tasks_completed, tasks_failed, task_success_rate } = profile;
  const tried = tasks_completed + tasks_failed;
  return (
    <Card
      title="Its work"
      icon={ListChecks}
      aside={tried > 0 ? <span className="num text-[12.5px]">{task_success_rate} % approved</span> : undefined}
    >
      {tasks.length === 0 ? <Empty>It has done no task yet. Pin one to it, or let it choose.</Empty> : <Trend days={trend} />}
      <ul className="flex flex-col pb-2">
        {tasks.slice(0, 12).map((row) => (
          <li key={row.id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-1.5">
            <TaskLink row={row} className="min-w-0 flex-1 basis-48 font-normal" />
            <span className="num text-[12.5px] text-dim">{usd(row.spent_usd)}</span>
            <Status status={row.status} held={row.hold !== undefined} />
            <When at={row.updated_at} className="w-20 text-right" />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Journals({ profile: { journals } }: { profile: ProfileView }) {
  return (
    <Card
      title="Journal"
      icon={BookHeart}
      aside={<span className="text-[12.5px] text-dim">What it wrote for others; the rest is its own</span>}
    >
      {journals.length === 0 ? <Empty>It has written nothing for others yet.</Empty> : null}
      <ul className="flex flex-col divide-y divide-line">
        {journals.map((journal) => (
          <li key={journal.filename} className="flex flex-col gap-1 px-4 py-2.5">
            <div className="flex flex-wrap items-center gap-2">
              <Tag>{journal.journal_type}</Tag>
              <span className="text-[12.5px] text-dim">{journal.status}</span>
              <When at={journal.modified} className="ml-auto" />
            </div>
            <Plain>{journal.preview}</Plain>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Actions({ profile: { recent_actions } }: { profile: ProfileView }) {
  if (recent_actions.length === 0) return null;
  return (
    <Card title="What it did last" icon={History}>
      <ol className="flex flex-col pb-3">
        {recent_actions.map(({ timestamp, type, text }, index) => (
          <li key={index} className="flex flex-wrap items-baseline gap-x-3 px-4 py-1">
            <span className="w-16 text-[12px] text-dim">{KIND_WORDS[type] ?? type.toLowerCase()}</span>
            <span className="min-w-0 flex-1 break-words">{text}</span>
            <When at={timestamp} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Standing({ profile }: { profile: ProfileView }) {
  return (
    <Card title="Where it stands" icon={Award}>
      <dl className="flex flex-col gap-1.5 px-4 pb-4">
        <Fact name="Level">
          {profile.level} <span className="text-dim">· a new name costs {profile.respec_cost} tokens</span>
        </Fact>
        <Fact name="Days lived">{profile.days}</Fact>
        <Fact name="Sessions">{profile.sessions}</Fact>
        <Fact name="Tasks">
          {profile.tasks_completed} approved, {profile.tasks_failed} failed
          {profile.declined > 0 ? `, ${profile.declined} declined` : ''}
        </Fact>
        <Fact name="Trust">{profile.trust} of 100</Fact>
        <Fact name="Guild">
          {profile.guild ? (
            <Link href="/guilds" className="hover:text-leaf hover:underline">
              {profile.guild.name}
              {profile.guild.founder ? ', which it founded' : ''}
            </Link>
          ) : (
            <span className="text-dim">none</span>
          )}
        </Fact>
        {Object.entries(profile.suspended).map(([what, until]) => (
          <Fact key={what} name="Without">
            {spaced(what)} until {new Date(until).toLocaleDateString()}
          </Fact>
        ))}
        {profile.badges.map(({ category, rank, period }) => (
          <Fact key={`${category} ${period}`} name={period}>
            {spaced(category)}, place {rank}
          </Fact>
        ))}
        {profile.created_at ? (
          <Fact name="Since">{new Date(profile.created_at).toLocaleDateString(undefined, { dateStyle: 'medium' })}</Fact>
        ) : null}
      </dl>
    </Card>
  );
}

function Knows({ profile: { expertise, skills } }: { profile: ProfileView }) {
  const topics = Object.entries(expertise).slice(0, 8);
  if (topics.length === 0 && skills.length === 0) return null;
  return (
    <Card title="What it knows" icon={Sparkles}>
      <p className="flex flex-wrap gap-1.5 px-4 pb-4">
        {topics.map(([topic, times]) => (
          <Tag key={topic}>
            {topic} <span className="text-dim">{times}</span>
          </Tag>
        ))}
        {skills.map(({ name, times }) => (
          <Tag key={`skill ${name}`} tone="text-leaf">
            {name} <span className="text-dim">{times}</span>
          </Tag>
        ))}
      </p>
    </Card>
  );
}

function Together({ profile: { relationships, disputes } }: { profile: ProfileView }) {
  if (relationships.length === 0 && disputes.length === 0) return null;
  return (
    <Card title="With others" icon={relationships.length > 0 ? Users : Gavel}>
      <ul className="flex flex-col gap-1.5 px-4 pb-4">
        {relationships.slice(0, 8).map(({ id, name, times }) => (
          <li key={id} className="flex items-center gap-2">
            <Who id={id} name={name} />
            <span className="num ml-auto text-[12.5px] text-dim">{times === 1 ? 'once' : `${times} times`}</span>
          </li>
        ))}
        {disputes.map((dispute) => (
          <li key={dispute.dispute_id} className="flex items-center gap-2">
            <Link href="/disputes" className="min-w-0 truncate hover:text-leaf hover:underline">
              {dispute.reason}
            </Link>
            <span className="ml-auto">
              <DisputeWord dispute={dispute} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
