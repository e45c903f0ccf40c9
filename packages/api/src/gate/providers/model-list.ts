import { fetchFor, HttpRefusal } from '../client/transport.ts';
import { type Fields, isObject } from '../reply/fields.ts';
import { readBody } from '../stream/stream.ts';

/** How long a server that a person named may take to say what it has. */
const LIST_MS = 10_000;
const LONGEST_LIST = 4_000_000;

export type Listed =
  | { readonly kind: 'list'; readonly models: readonly string[] }
  /** An API answered, and did not say. */
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'none' };

/** Ids of the models that can chat, from `GET <base>/models`. */
export async function listModels(baseUrl: string, apiKey?: string, patienceMs = LIST_MS): Promise<Listed> {
  try {
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    const url = `${baseUrl.replace(/\/+$/, '')}/models`;
    const reply = await fetchFor(baseUrl)(url, { headers, redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
    const text = await readBody(reply);
    return text.length > LONGEST_LIST ? { kind: 'none' } : listIn(JSON.parse(text));
  } catch (error) {
    return error instanceof HttpRefusal && [401, 403].includes(error.status)
      ? { kind: 'refused', status: error.status }
      : { kind: 'none' };
  }
}

function listIn(body: unknown): Listed {
  const found = Array.isArray(body) ? body : isObject(body) ? (body['data'] ?? body['models']) : undefined;
  if (!Array.isArray(found)) return { kind: 'none' };
  const rows = found.map((row: unknown): Fields => (isObject(row) ? row : { id: row }));
  const named = rows.flatMap((row) => {
    const id = row['id'] ?? row['model'] ?? row['name'];
    return typeof id === 'string' && id.length > 0 && id.length <= 200 ? [{ id, row }] : [];
  });
  return { kind: 'list', models: chatFirst(named) };
}

/** Ids that look like models for something else: not proof, so they are only passed over while others are there. */
const OTHER_WORK =
  /embed|rerank|whisper|transcri|\btts\b|text-to-|speech|voice|moderation|(?:^|[/:_-])(?:bge|gte|e5|clip|sdxl|flux|dall-e)(?:[-_.:]|$)|diffusion|image/i;
const CHAT = /chat|llm|vlm|completion|generat|instruct|text/i;

/** Models that can chat as far as anybody says; without any, all of them, for the list may be wrong. */
function chatFirst(rows: readonly { readonly id: string; readonly row: Fields }[]): readonly string[] {
  const able = rows.filter(({ id, row }) => canChat(row) ?? !OTHER_WORK.test(id));
  return (able.length > 0 ? able : rows).map(({ id }) => id);
}

/** What a row of the list says of itself: its type, task, mode, what comes out of it; undefined when it says nothing. */
function canChat(row: Fields): boolean | undefined {
  const { capabilities, architecture } = row;
  if (isObject(capabilities) && typeof capabilities['completion_chat'] === 'boolean') return capabilities['completion_chat'];
  const out = isObject(architecture) ? architecture['output_modalities'] : undefined;
  if (Array.isArray(out)) return out.includes('text');
  const kinds = [row['type'], row['task'], row['mode'], ...(Array.isArray(capabilities) ? capabilities : [])];
  const told = kinds.filter((kind): kind is string => typeof kind === 'string' && kind !== 'model');
  if (told.length === 0) return undefined;
  return told.some((kind) => CHAT.test(kind) && !OTHER_WORK.test(kind))
    ? true
    : told.some((kind) => OTHER_WORK.test(kind))
      ? false
      : undefined;
}
