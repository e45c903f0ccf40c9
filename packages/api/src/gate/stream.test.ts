import { describe, expect, it } from 'vitest';
import { readAnswer } from './read-answer.ts';
import { readStream } from './stream.ts';

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (fields: object, finish: string | null = null) => event({ choices: [{ delta: fields, finish_reason: finish }] });

/** A body that arrives in pieces of this many bytes, so that events and characters are cut anywhere. */
function bodyOf(text: string, size = 7): Response {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.slice(at * size, (at + 1) * size));
  return new Response(
    new ReadableStream({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    }),
  );
}
const read = async (text: string, seen: string[] = []) => {
  const reply = readAnswer(await readStream(bodyOf(text), ({ text: so_far }) => seen.push(so_far)));
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply));
  return reply.answer;
};

describe('a streamed answer', () => {
  it('is put together, with its usage and why it ended, and heard as it grows', async () => {
    const seen: string[] = [];
    const text = `: comment\n\n${delta({ role: 'assistant', content: 'Grüße ' })}${delta({ content: '🦊' })}${delta({}, 'stop')}${event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } })}data: [DONE]\n\n`;
    expect(await read(text, seen)).toMatchObject({
      text: 'Grüße 🦊',
      usage: { prompt_tokens: 3, completion_tokens: 2 },
      truncated: false,
    });
    expect(seen).toContain('Grüße ');
  });

  it('keeps thinking apart and knows when the limit cut it', async () => {
    const answer = await read(
      `${delta({ reasoning_content: 'hm ' })}${delta({ reasoning_content: 'hm' })}${delta({}, 'length')}data: [DONE]\n\n`,
    );
    expect(answer).toMatchObject({ text: '', cutInThinking: true, thinking: { chars: 5 } });
  });

  it('joins the pieces of function calls by their index', async () => {
    const call = (fields: object) => delta({ tool_calls: [fields] });
    const text = `${call({ index: 0, id: 'a', function: { name: 'read', arguments: '{"pa' } })}${call({ index: 1, id: 'b', function: { name: 'list', arguments: '{}' } })}${call({ index: 0, function: { arguments: 'th":"x"}' } })}${delta({}, 'tool_calls')}data: [DONE]\n\n`;
    expect((await read(text)).toolCalls).toMatchObject([
      { id: 'a', function: { name: 'read', arguments: '{"path":"x"}' } },
      { id: 'b', function: { name: 'list', arguments: '{}' } },
    ]);
  });

  it('that breaks off is none, and what came is kept', async () => {
    const broken = readStream(bodyOf(delta({ content: 'half a' })), () => undefined);
    await expect(broken).rejects.toMatchObject({ fault: 'unavailable', partial: 'half a' });
  });

  it('that ends in an error is that error', async () => {
    const reply = readAnswer(
      await readStream(
        bodyOf(`${delta({ content: 'half' })}${event({ error: { message: 'boom', code: 503 } })}`),
        () => undefined,
      ),
    );
    expect(reply).toMatchObject({ kind: 'error', message: 'boom', status: 503 });
  });
});
