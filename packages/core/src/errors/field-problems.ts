import type { z } from 'zod';

/** One problem in what a person wrote: where it stands and what would be right. */
export interface FieldProblem {
  /** Dotted path, e.g. `tasks[3].max_budget`, or a variable's name. */
  readonly field: string;
  readonly message: string;
  readonly line?: number;
}

export interface Whereabouts {
  /** What the whole is called when no field of it is at fault, e.g. `body`. */
  readonly at: string;
  /** What stands before every field, e.g. `tasks[3]`. */
  readonly under?: string;
  /** The line of a field, where it is known. */
  readonly lineOf?: (path: readonly (string | number)[]) => number | undefined;
}

/** What a schema found wrong, field by field; always at least one. */
export function fieldProblemsOf(error: z.ZodError, { at, under = '', lineOf }: Whereabouts): FieldProblem[] {
  return error.issues.map((issue) => {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    const line = lineOf?.(path);
    return {
      field: [under, ...path].filter((step) => step !== '').join('.') || at,
      message: (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message,
      ...(line === undefined ? {} : { line }),
    };
  });
}

/** A problem in one line. */
export const fieldProblemLine = ({ field, message, line }: FieldProblem): string =>
  `${line ? `line ${line}: ` : ''}${field}: ${message}`;

/** Several in one line. */
export const fieldProblemLines = (problems: readonly FieldProblem[]): string => problems.map(fieldProblemLine).join('; ');
