import { FolderGit2, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ProjectList, ProjectView } from '../../../src/protocol/projects.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Frame } from '../parts/frame.tsx';
import { Reading } from '../parts/reading.tsx';
import { Fact, PageTitle, Tag, When } from '../parts/small.tsx';
import { inAddress } from '../state/address.ts';
import { changesApi } from '../state/changes-api.ts';
import { legible } from '../state/legible.ts';
import { useRead } from '../state/society.ts';

/** Your repositories that residents may propose changes to, as you allow it. */
export default function ProjectsPage() {
  const read = useRead('projects', (signal) => changesApi.projects(signal), ['changes']);
  if (read.data === undefined)
    return (
      <>
        <PageTitle>Projects</PageTitle>
        <div className="card">
          <Reading read={read} label="Loading projects" lines={6}>
            {() => null}
          </Reading>
        </div>
      </>
    );
  const { projects, findings } = read.data;
  return (
    <>
      <PageTitle>Projects</PageTitle>
      <div className="flex flex-col gap-4">
        {findings.length > 0 ? <Findings findings={findings} /> : null}
        {projects.length === 0 ? (
          <Card title="Projects" icon={FolderGit2}>
            <Empty>
              Residents may touch no project yet. Let a first entry be written for you to read:{' '}
              <code className="break-all font-mono text-[12px]">pnpm worker project init &lt;path&gt;</code>
            </Empty>
          </Card>
        ) : null}
        {projects.map((project) => (
          <Frame key={project.name}>
            <Project project={project} />
          </Frame>
        ))}
      </div>
    </>
  );
}

function Findings({ findings }: Pick<ProjectList, 'findings'>) {
  return (
    <Card title="What is wrong in config/projects.json" icon={TriangleAlert}>
      <ul className="flex flex-col divide-y divide-line pb-1">
        {findings.map(({ project, field, problem, fix }, index) => (
          <li key={index} className="px-4 py-2">
            <p className="break-words">
              {project ? <span className="font-medium">{legible(project)}: </span> : null}
              <code className="break-all font-mono text-[12px]">{legible(field)}</code>{' '}
              <span className="text-bad">{legible(problem)}</span>
            </p>
            <p className="break-words text-[12.5px] text-dim">{legible(fix)}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const LAND = {
  ask: 'once you say yes',
  auto: 'by itself, where no file asks you',
  patch: 'never: it becomes a patch file',
} as const;
const INTO = { checkout: 'branch and your files', ref: 'branch alone' } as const;
const APPROVAL = { exact: 'exactly this tree', same_files: 'these files, also on a newer base' } as const;

function Project({ project }: { project: ProjectView }) {
  const { name, settings } = project;
  return (
    <Card title={name} icon={FolderGit2} aside={<Standing project={project} />}>
      <div className="grid gap-x-8 gap-y-4 px-4 pb-4 lg:grid-cols-2">
        <HowItLands project={project} />
        <dl className="flex min-w-0 flex-col gap-2">
          <Globs name="May touch" globs={settings.may_touch} />
          <Globs name="Asks you" globs={settings.ask_for} />
          <Globs name="Never" globs={settings.never} />
          <Globs name="Not shown" globs={settings.withhold} />
          <Globs name="Tests are" globs={settings.tests_are} />
          <Fact name="Dependencies">
            {settings.dependencies.length === 0
              ? 'none'
              : settings.dependencies.map(({ at, key }) => `${at} (by ${key.join(', ') || 'nothing'})`).join('; ')}
          </Fact>
        </dl>
        <Suites suites={settings.suites} />
      </div>
    </Card>
  );
}

function HowItLands({ project: { settings, commit, paused, landing, last_drill } }: { project: ProjectView }) {
  return (
    <dl className="flex min-w-0 flex-col gap-2">
      <Fact name="Folder">
        <code className="break-all font-mono text-[12px]">{settings.path}</code>
      </Fact>
      <Fact name="Branch">
        {settings.branch}
        {commit ? <code className="ml-2 font-mono text-[11.5px] text-dim">{commit.slice(0, 12)}</code> : null}
      </Fact>
      <Fact name="Lands">
        {LAND[settings.land]}, {INTO[settings.into]}
      </Fact>
      <Fact name="A yes binds to">{APPROVAL[settings.approval]}</Fact>
      <Fact name="Gates">{settings.gates.join(', ')}</Fact>
      <Fact name="Executor">{settings.executor}</Fact>
      {landing ? <Fact name="At this moment">A change is landing</Fact> : null}
      {paused ? (
        <Fact name="Paused">
          <span className="text-warn">{legible(paused)}</span>
        </Fact>
      ) : null}
      {last_drill ? (
        <Fact name="Last drill">
          <span className={last_drill.passed ? 'text-ok' : 'text-bad'}>{last_drill.passed ? 'passed' : 'failed'}</span>{' '}
          <When at={last_drill.at} />
          {last_drill.passed ? null : <span className="block text-dim">{legible(last_drill.detail)}</span>}
        </Fact>
      ) : null}
    </dl>
  );
}

function Suites({ suites }: Pick<ProjectView['settings'], 'suites'>) {
  return (
    <div className="min-w-0 lg:col-span-2">
      <h3 className="text-[12.5px] font-medium text-dim">Suites</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {Object.entries(suites).map(([suite, { argv, report, timeout_s }]) => (
          <li key={suite} className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{suite}</span>
            <code className="min-w-0 break-all font-mono text-[12px]">{argv.map(legible).join(' ')}</code>
            <span className="text-[12px] text-dim">
              report {report}, at most {timeout_s} s
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Standing({ project: { name, open_changes, ready_changes, landed_changes } }: { project: ProjectView }) {
  return (
    <Link href={`/changes?project=${inAddress(name)}`} className="text-[12.5px] text-leaf hover:underline">
      {open_changes - ready_changes} on the way, {ready_changes} ready, {landed_changes} landed
    </Link>
  );
}

function Globs({ name, globs }: { name: string; globs: readonly string[] }): ReactNode {
  if (globs.length === 0) return null;
  return (
    <Fact name={name}>
      <span className="flex flex-wrap gap-1">
        {globs.map((glob) => (
          <Tag key={glob}>
            <span className="font-mono text-[11.5px]">{legible(glob)}</span>
          </Tag>
        ))}
      </span>
    </Fact>
  );
}
