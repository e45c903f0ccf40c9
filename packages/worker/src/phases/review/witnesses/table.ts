import type { Witness } from '@vivarium/core';
import type { Observation } from '../../../pipeline/observation.ts';
import type { TaskRun } from '../../../pipeline/phase.ts';
import { changed } from './changed.ts';
import { fileOf, files } from './file.ts';
import { http } from './http.ts';
import { intent } from './intent.ts';
import type { Case, Source, WitnessDeps } from './kit.ts';
import { links } from './links.ts';
import { paths } from './paths.ts';
import { schema } from './schema.ts';
import { tests } from './tests.ts';
import { work } from './work.ts';

/** Everything the runtime itself can observe of a result, in the order in which it is told. */
const TABLE: readonly Source[] = [work, files, links, paths, intent, schema, http, tests];
/** The words of whoever changed a project prove nothing, and its files are in the patch. */
const OF_PROJECTS: readonly Source[] = [changed, http];

/** Collect the witnesses of a result. It ends early when one of them cannot be had now, or not without a person. */
export async function collectWitnesses(run: TaskRun, deps: WitnessDeps, output: string): Promise<Observation> {
  const about: Case = { run, deps, output, file: await fileOf(run, deps) };
  const witnesses: Witness[] = [];
  for (const look of run.task.project === undefined ? TABLE : OF_PROJECTS) {
    const seen = await look(about);
    if (seen.kind === 'seen') witnesses.push(...seen.witnesses);
    else if (seen.kind === 'interrupted') return seen;
    else return { ...seen, witnesses };
  }
  return { kind: 'seen', witnesses };
}
