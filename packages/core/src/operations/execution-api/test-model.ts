import { CycleResult, PROVIDER_TEST, Problem } from '../../contract/cycle.ts';
import { requestApi } from './request.ts';

/** How one tiny question to the model went. */
export type ModelTest =
  | { readonly kind: 'answered'; readonly result: CycleResult }
  | { readonly kind: 'problem'; readonly problem: Pick<Problem, 'detail' | 'fix' | 'disposition'> }
  /** No answer in time: a server may be loading its model, and the call goes on. */
  | { readonly kind: 'late' }
  /** The execution API does not answer. */
  | { readonly kind: 'away' };

/** Ask the model one tiny question through the execution API's gate, where it is paid for and audited like every call. */
export async function testModel(to: { endpoint: string; token: string; timeoutMs: number }): Promise<ModelTest> {
  try {
    const { status, body } = await requestApi({ ...to, path: '/cycle', body: JSON.stringify(PROVIDER_TEST) });
    const answer: unknown = JSON.parse(body);
    const done = CycleResult.safeParse(answer);
    if (status === 200 && done.success) return { kind: 'answered', result: done.data };
    const problem = Problem.safeParse(answer);
    return { kind: 'problem', problem: problem.success ? problem.data : { detail: `The API answered ${status}` } };
  } catch (error) {
    return { kind: error instanceof Error && error.name === 'TimeoutError' ? 'late' : 'away' };
  }
}
