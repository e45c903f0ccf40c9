import { StatusReport } from '../../contract/cycle.ts';
import { requestApi } from './request.ts';

const PATIENCE_MS = 2_000;

/** What the execution API says of itself, or undefined when it does not answer. */
export async function apiStatus(endpoint: string): Promise<StatusReport | undefined> {
  try {
    const { status, body } = await requestApi({ endpoint, path: '/status', timeoutMs: PATIENCE_MS });
    const report = status === 200 ? StatusReport.safeParse(JSON.parse(body)) : undefined;
    return report?.success ? report.data : undefined;
  } catch {
    return undefined;
  }
}
