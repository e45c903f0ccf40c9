import type { SafetyReport } from '../../contract/outcome.ts';
import type { Task } from '../../contract/task.ts';
import { type ExitReason, type FieldProblem, InvalidInputError } from '../../errors/index.ts';

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

const FIX = 'Nothing was added; correct these and add again';

/** What each kind of fault is told as. */
const TOLD_AS = {
  task: { code: 'VIV_INVALID_INPUT', exit: 'usage' },
  safety: { code: 'VIV_SAFETY_BLOCKED', exit: 'safety' },
  money: { code: 'VIV_BUDGET_EXCEEDED', exit: 'budget' },
} as const;

/** Tasks that cannot enter: by their own words, else by a rule of safety or of money. Nothing was added. HTTP 400. */
class TasksRefusedError extends InvalidInputError {
  override readonly code: string;
  override readonly exit: ExitReason;

  constructor(first: TaskFault, faults: readonly TaskFault[], tasks: readonly Task[]) {
    const { kind, index, fix = FIX, safety_report } = first;
    const what = tasks.length === 1 || kind !== 'task' ? `Task ${tasks[index]?.id} cannot enter` : 'These tasks cannot enter';
    super(what, fieldProblems(faults, tasks.length), fix, safety_report && { safety_report });
    this.code = TOLD_AS[kind].code;
    this.exit = TOLD_AS[kind].exit;
  }
}

/** @throws TasksRefusedError when there is any fault */
export function refuseFaulty(faults: readonly TaskFault[], tasks: readonly Task[]): void {
  const [first] = [...faults].sort((a, b) => Number(a.kind !== 'task') - Number(b.kind !== 'task'));
  if (first) throw new TasksRefusedError(first, faults, tasks);
}
