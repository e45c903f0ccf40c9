import { probe } from '../../../observe/probe.ts';
import { readBefore } from '../../before/before.ts';
import { type Source, saw } from './kit.ts';

/** Whether the declared address answers. One that did so before the work began proves nothing about the work. */
export const http: Source = async ({ run, deps }) => {
  const wish = run.task.expect_http;
  if (!wish || run.task.gates === true) return saw();
  const witness = await probe(wish, run.signal);
  if (run.signal.aborted) return { kind: 'interrupted', reason: deps.stopReason() };
  const before = await readBefore(deps.artifacts, run.task.id, run.record.attempt);
  if (!witness.passed || before?.http_answered === false) return saw(witness);
  return saw({ ...witness, decisive: false, detail: `${witness.detail}, as it did before` });
};
