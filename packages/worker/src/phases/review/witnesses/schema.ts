import { jsonIn, schemaProblems, schemaWitness } from '@vivarium/core';
import { type Source, saw } from './kit.ts';

/** Whether the answer is JSON of the task's own schema. */
export const schema: Source = async ({ run, output }) => {
  const { output_schema } = run.task;
  if (output_schema === undefined) return saw();
  const json = jsonIn(output);
  return saw(schemaWitness(json.found, json.found ? schemaProblems(output_schema, json.value) : []));
};
