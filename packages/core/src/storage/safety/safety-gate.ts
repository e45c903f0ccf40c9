import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SafetyReport } from '../../contract/outcome.ts';
import { judge } from '../../domain/safety/judge.ts';
import { safetyReport } from '../../domain/safety/report.ts';
import { SafetyRules } from '../../domain/safety/rules.ts';
import type { SafetySubject, SafetyVerdict } from '../../domain/safety/types.ts';
import { InvalidInputError } from '../../errors/index.ts';
import type { Clock } from '../../ports/clock.ts';
import { maskSecrets } from '../activity/mask.ts';

export interface SafetyQuestion extends SafetySubject {
  readonly task_id?: string;
  readonly cap_exhausted?: boolean;
}

/** The safety rules, loaded, and the report that goes with every verdict. */
export interface SafetyGate {
  readonly rules: SafetyRules;
  ask(question: SafetyQuestion): { readonly report: SafetyReport; readonly verdict: SafetyVerdict };
}

/**
 * Load `config/safety-constraints.json` of the installation. Without valid rules nothing may start.
 * @throws InvalidInputError naming every field that is wrong
 */
export async function openSafety(options: {
  readonly installation: string;
  readonly workspace: string;
  readonly stage: 'worker' | 'api';
  readonly clock: Pick<Clock, 'now'>;
}): Promise<SafetyGate> {
  const rules = await loadRules(join(options.installation, 'config', 'safety-constraints.json'));
  return {
    rules,
    ask(question) {
      const { task_id, cap_exhausted, ...subject } = question;
      const context = { workspace: options.workspace, ...(cap_exhausted === undefined ? {} : { cap_exhausted }) };
      const verdict = judge(subject, rules, context);
      const report = safetyReport({
        text: subject.text,
        verdict,
        stage: options.stage,
        timestamp: options.clock.now().toISOString(),
        sha256: createHash('sha256').update(subject.text).digest('hex'),
        mask: maskSecrets,
        ...(task_id === undefined ? {} : { task_id }),
      });
      return { report, verdict };
    },
  };
}

async function loadRules(file: string): Promise<SafetyRules> {
  const fix = `Restore ${file} from the repository, or mend the fields named`;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(file, [{ field: 'file', message }], fix);
  }
  const read = SafetyRules.safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => ({ field: issue.path.join('.') || 'file', message: issue.message }));
  throw new InvalidInputError(file, problems, fix);
}
