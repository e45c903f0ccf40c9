import type { Witness } from '@vivarium/core';
import type { TaskRun } from '../../../pipeline/phase.ts';
import type { Runtime } from '../../../pipeline/runtime.ts';
import { fileOf, files } from './file.ts';
import { http } from './http.ts';
import { intent } from './intent.ts';
import type { Case, Seen, Source } from './kit.ts';
import { links } from './links.ts';
import { paths } from './paths.ts';
import { schema } from './schema.ts';
import { tests } from './tests.ts';
import { work } from './work.ts';

/** Everything the runtime itself can observe of a result, in the order in which it is told. */
const TABLE: readonly Source[] = [work, files, links, paths, intent, schema, http, tests];

/** Collect the witnesses of a result. It ends early when one of them cannot be had now, or not without a person. */
export async function collectWitnesses(run: TaskRun, runtime: Runtime, output: string): Promise<Seen> {
  const about: Case = { run, runtime, output, file: await fileOf(run, runtime) };
  const witnesses: Witness[] = [];
  for (const look of TABLE) {
    const seen = await look(about);
    if (seen.kind === 'seen') witnesses.push(...seen.witnesses);
    else if (seen.kind === 'later') return seen;
    else return { ...seen, witnesses };
  }
  return { kind: 'seen', witnesses };
}
