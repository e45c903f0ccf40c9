import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SafetyReport } from '../../contract/outcome.ts';
import { judge } from '../../domain/safety/judge.ts';
import { safetyReport } from '../../domain/safety/report.ts';
import { SafetyRules } from '../../domain/safety/rules.ts';
import type { SafetySubject, SafetyVerdict } from '../../domain/safety/types.ts';
import { loadJsonFile } from '../../files/index.ts';
import { maskSecrets } from '../../log/mask.ts';
import type { Clock } from '../../ports/clock.ts';

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
  const file = join(options.installation, 'config', 'safety-constraints.json');
  const rules = loadJsonFile(file, SafetyRules, `Restore ${file} from the repository, or mend the fields named`);
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
