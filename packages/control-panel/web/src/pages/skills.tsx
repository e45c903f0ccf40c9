import { Archive, CircleCheck, CircleDashed, FlaskConical, type LucideIcon, ShieldAlert, Sparkles } from 'lucide-react';
import { Link } from 'wouter';
import type { SkillRow } from '../../../src/protocol/library.ts';
import { Card, Empty, Trouble } from '../parts/card.tsx';
import { Frame } from '../parts/frame.tsx';
import { Reading } from '../parts/reading.tsx';
import { PageTitle, Tag, When, Word } from '../parts/small.tsx';
import { inAddress } from '../state/address.ts';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';

/** What Vivarium can do without asking a model, and what that is worth. */
export default function SkillsPage() {
  const read = useRead('skills', (signal) => society.skills(signal), ['library']);
  return (
    <>
      <PageTitle>Skills</PageTitle>
      <Card
        title="Skills"
        icon={Sparkles}
        aside={<span className="text-[12.5px] text-dim">Promoted by measured gain, taken out on measured harm</span>}
      >
        <Reading read={read} label="Loading skills" lines={6}>
          {({ skills, findings }) => (
            <>
              {findings.map(({ file, reason }) => (
                <Trouble key={file} text={`${file} cannot be used`} fix={reason} />
              ))}
              {skills.length === 0 ? (
                <Empty>There is no skill yet. Tasks that come again and again become skills by themselves.</Empty>
              ) : null}
              <ul className="flex flex-col divide-y divide-line">
                {skills.map((skill) => (
                  <Frame key={skill.name} as="li">
                    <Skill skill={skill} />
                  </Frame>
                ))}
              </ul>
            </>
          )}
        </Reading>
      </Card>
    </>
  );
}

const LOOKS: Readonly<Record<SkillRow['status'], readonly [LucideIcon, string, string]>> = {
  candidate: [CircleDashed, 'Candidate', 'text-info'],
  validated: [FlaskConical, 'Validated', 'text-info'],
  active: [CircleCheck, 'Active', 'text-ok'],
  quarantined: [ShieldAlert, 'Quarantined', 'text-bad'],
  retired: [Archive, 'Retired', 'text-dim'],
};

function Skill({ skill }: { skill: SkillRow }) {
  const { counters } = skill;
  const [icon, word, tone] = LOOKS[skill.status];
  const facts = [
    ['Uses', counters.uses],
    ['Useful', counters.useful],
    ['Harmful', counters.harmful],
    ['Failed', counters.failed],
    ['Saved', counters.model_calls_avoided],
    ['Lift', liftOf(skill)],
  ] as const;
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 xl:grid-cols-[1fr_auto]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium">{skill.name}</span>
          <Word icon={icon} tone={tone}>
            {word}
          </Word>
          <Tag>{skill.kind}</Tag>
          <span className="text-[12.5px] text-dim">
            {skill.version} · {skill.shipped ? 'shipped' : 'made here'}
          </span>
        </p>
        <p className="break-words text-dim">{skill.description}</p>
        {skill.last_reason ? <p className="break-words text-[12.5px] text-dim">{skill.last_reason}</p> : null}
        <p className="flex flex-wrap gap-x-3 text-[12.5px] text-dim">
          {skill.last_used_at ? (
            <span>
              last used <When at={skill.last_used_at} />
            </span>
          ) : (
            'not used yet'
          )}
          {skill.path ? (
            <Link href={`/library?path=${inAddress(skill.path)}`} className="text-leaf hover:underline">
              Read it<span className="sr-only">: {skill.name}</span>
            </Link>
          ) : null}
        </p>
      </div>
      <dl className="grid grid-cols-[repeat(5,auto)_4rem] gap-x-3 self-center sm:gap-x-5">
        {facts.map(([name, value]) => (
          <div key={name} className="flex flex-col-reverse text-left xl:text-right">
            <dt className="text-[12px] text-dim" title={name === 'Saved' ? 'Calls to a model that it made needless' : undefined}>
              {name}
            </dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function liftOf({ lift }: SkillRow): string {
  if (lift === null) return '–';
  const percent = Math.round(lift * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
