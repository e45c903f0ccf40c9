import { requestApi } from '@vivarium/core';
import { z } from 'zod';
import type { LiveText } from '../protocol/tasks.ts';
import type { World } from '../world/world.ts';

const TIMEOUT_MS = 1_500;
/** The page shows the end of what is said. */
const SHOWN_CHARS = 20_000;
const Said = z.object({ text: z.string(), started_at: z.string() });

/** What the execution API hears of a running call; nothing when none runs, or when its provider does not stream. */
export async function liveText({ config, token }: Pick<World, 'config' | 'token'>, id: string): Promise<LiveText> {
  const path = `/running/${encodeURIComponent(id)}`;
  const reply = await requestApi({ endpoint: `http://127.0.0.1:${config.apiPort}`, path, token, timeoutMs: TIMEOUT_MS }).catch(
    () => undefined,
  );
  const read = reply?.status === 200 ? Said.safeParse(JSON.parse(reply.body)) : undefined;
  if (!read?.success) return { success: true, running: false, text: '', chars: 0 };
  const { text, started_at } = read.data;
  return { success: true, running: true, text: text.slice(-SHOWN_CHARS), chars: text.length, started_at };
}
