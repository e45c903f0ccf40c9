import { requestApi, StatusReport } from '@vivarium/core';
import type { ProviderView } from '../protocol/running.ts';

const TIMEOUT_MS = 1500;
const KEEP_MS = 1000;

/** Asks the execution API how it stands with a model. Asked often, it answers from its last answer of a second ago. */
export function providerProbe(apiPort: () => number, now: () => number): () => Promise<ProviderView> {
  let last: { at: number; view: Promise<ProviderView> } | undefined;
  return () => {
    if (last === undefined || now() - last.at > KEEP_MS) last = { at: now(), view: ask(apiPort()) };
    return last.view;
  };
}

async function ask(port: number): Promise<ProviderView> {
  try {
    const { status, body } = await requestApi({ endpoint: `http://127.0.0.1:${port}`, path: '/status', timeoutMs: TIMEOUT_MS });
    if (status !== 200) return away(port, `API answered ${status} on port ${port}`);
    const report = StatusReport.safeParse(JSON.parse(body));
    if (!report.success) return away(port, `What answers on port ${port} is not the Vivarium API`);
    return { reachable: true, ...report.data.provider };
  } catch {
    return away(port, `API not reachable on port ${port}`);
  }
}

function away(port: number, detail: string): ProviderView {
  return { reachable: false, detail, fix: port === 0 ? 'Set VIVARIUM_API_PORT, or use: npm start' : 'Start it with: pnpm api' };
}
