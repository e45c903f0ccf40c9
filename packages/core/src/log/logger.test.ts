import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function capture() {
  const lines: string[] = [];
  const config = {
    logLevel: 'info',
    groq: { apiKey: 'gsk_0123456789abcdef' },
    openai: {},
    internalToken: 'token-of-this-run',
  } as const;
  const log = createLogger('api', config, { write: (line) => void lines.push(line) });
  return { log, entries: () => lines.map((line): unknown => JSON.parse(line)), text: () => lines.join('') };
}

describe('the log', () => {
  it('is one JSON object per line with name, level in words and an instant in UTC', () => {
    const { log, entries } = capture();
    log.info({ task_id: 't1' }, 'claimed');
    log.debug('not at this level');
    expect(entries()).toEqual([expect.objectContaining({ name: 'api', level: 'info', task_id: 't1', msg: 'claimed' })]);
    expect(entries()[0]).toHaveProperty('time', expect.stringMatching(/Z$/));
  });

  it('holds no secret, wherever it stands', () => {
    const { log, entries, text } = capture();
    log.warn(
      { req: { headers: { 'x-vivarium-internal-token': 'other-token' } }, note: 'token-of-this-run' },
      'gsk_0123456789abcdef',
    );
    log.error({ err: new Error('refused: Bearer abcdefghijkl'), options: { apiKey: 'plain' } });
    expect(entries()).toHaveLength(2);
    expect(text()).not.toMatch(/0123456789|token-of-this-run|other-token|abcdefghijkl|plain/);
  });

  it('never acts on the terminal that shows it, and holds what was said', () => {
    const { log, entries, text } = capture();
    const said = 'Provider said \u001b]0;t\u0007\u009b2J\u007f\u202e\u2066\u2028';
    log.warn({ detail: said }, said);
    expect(text()).toMatch(/^[\x20-\x7e]+\n$/);
    expect(entries()).toEqual([expect.objectContaining({ detail: said, msg: said })]);
  });
});
