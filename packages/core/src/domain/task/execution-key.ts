/** One execution per task and attempt: a repeat joins the running call or gets the stored result. */
export const executionKey = (taskId: string, attempt: number): string => `${taskId}#${attempt}`;

/** The attempt that an execution key of the form `<task_id>#<attempt>…` names; 0 for any other. */
export function attemptOf(key: string | undefined, taskId: string | undefined): number {
  if (key === undefined || taskId === undefined || !key.startsWith(`${taskId}#`)) return 0;
  const digits = /^\d{1,9}/.exec(key.slice(taskId.length + 1))?.[0];
  return digits === undefined ? 0 : Number(digits);
}
