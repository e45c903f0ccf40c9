import type { SafetyReport } from '../../contract/outcome.ts';
import type { FieldProblem } from '../../errors/index.ts';

/**
 * Why one of several tasks cannot enter. `task`: the words themselves are at fault, so it would fail for sure. `safety`:
 * a rule forbids it. `money`: its cap pays for no call.
 */
export interface TaskFault {
  readonly kind: 'task' | 'safety' | 'money';
  /** Which of the tasks. */
  readonly index: number;
  readonly field: string;
  readonly message: string;
  readonly fix?: string | undefined;
  readonly safety_report?: SafetyReport;
}

/** The faults under the names that people see: `tasks[3].model` among several, `model` of one alone. */
export function fieldProblems(faults: readonly TaskFault[], count: number): FieldProblem[] {
  return faults.map(({ index, field, message }) => ({ field: count === 1 ? field : `tasks[${index}].${field}`, message }));
}
