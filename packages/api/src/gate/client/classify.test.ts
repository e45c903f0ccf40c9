import { describe, expect, it } from 'vitest';
import type { ProviderFault } from '../../errors/index.ts';
import { classify } from './classify.ts';
import { comeBackMs, saidIn, waitIn } from './words.ts';

const refusal = (status: number, body: string | object, headers: Record<string, string> = {}, model = 'qwen3:8b') =>
  classify({
    status,
    header: (name) => headers[name],
    body: typeof body === 'string' ? body : JSON.stringify(body),
    model,
    now: 0,
  });
const error = (message: string, more: object = {}) => ({ error: { message, ...more } });

type Row = [name: string, status: number, body: string | object, fault: ProviderFault, headers?: Record<string, string>];

const ROWS: Row[] = [
  ['an overloaded server', 503, error('overloaded'), 'unavailable'],
  ['a gateway that has nobody behind it', 502, '<html><title>502 Bad Gateway</title></html>', 'unavailable'],
  ['a server that broke', 500, 'Internal Server Error', 'unavailable'],
  ['too early', 425, '', 'unavailable'],
  ['a rate limit', 429, error('slow down'), 'rate_limited', { 'retry-after': '7' }],
  ['a rate limit with the time in words', 429, error('Rate limit reached. Please try again in 7.66s.'), 'rate_limited'],
  ['a quota for a minute, with its time', 429, error('You exceeded your current quota. Please retry in 37.2s.'), 'rate_limited'],
  ['a full tier', 498, error('flex tier capacity exceeded'), 'rate_limited'],
  ['an empty account', 429, error('the account has no credit left', { code: 'insufficient_quota' }), 'no_credit'],
  ['an empty account without a code', 429, error('Your credit balance is too low'), 'no_credit'],
  ['a bill to pay', 402, error('payment required'), 'no_credit'],
  ['a bad key', 401, error('Incorrect API key provided'), 'misconfigured'],
  ['a key that may not', 403, error('permission denied'), 'misconfigured'],
  ['a bad key told as a bad request', 400, error('API key not valid. Please pass a valid API key.'), 'misconfigured'],
  ['a proxy that wants to know who asks', 403, '<!doctype html><title>Log in to this network</title>', 'unavailable'],
  ['a page for a wrong key', 401, '<html><body>Sign in</body></html>', 'unavailable'],
  ['a model that is not there', 404, error('model "qwen3:8b" not found, try pulling it first'), 'unknown_model'],
  ['a model that may not be used', 403, error('Your project has no access to qwen3:8b'), 'unknown_model'],
  ['a model that cannot chat', 400, error('qwen3:8b does not support chat'), 'unknown_model'],
  ['an address that is none', 404, { detail: 'Not Found' }, 'bad_address'],
  ['an address without its version', 404, '404 page not found', 'bad_address'],
  ['an address that takes no POST', 405, error('method not allowed'), 'bad_address'],
  [
    'an account that may not have so much at once',
    413,
    error('Request too large for model `qwen3:8b` on tokens per minute (TPM): Limit 8000, Requested 17042'),
    'invalid_request',
  ],
  [
    'the same told as a rate limit',
    429,
    error('on TPM: Limit 8000, Used 0, Requested 17042. Please try again in 1m'),
    'invalid_request',
  ],
  ['an account without credit, told as a bad request', 400, error('Your credit balance is too low'), 'no_credit'],
  ['a rule of the provider', 403, 'error code: 1020', 'forbidden'],
  ['a region that is not served', 403, error('unsupported_country_region_territory'), 'forbidden'],
  ['a fault whose words sound like a part', 500, error('CUDA error while sampling, stream ended'), 'unavailable'],
  ['a redirect of a network', 302, '', 'unavailable'],
  ['an address that moved', 308, '', 'bad_address'],
  ['a prompt that is too long', 400, error('context length exceeded', { code: 'context_length_exceeded' }), 'invalid_request'],
  [
    'a field that it does not know',
    422,
    { detail: [{ loc: ['body', 'temperature'], msg: 'extra fields not permitted' }] },
    'invalid_request',
  ],
  ['tools that it does not take, told as its own fault', 500, error('this model does not support tools'), 'invalid_request'],
  [
    'a call of a function that the model got wrong',
    400,
    error('Failed to call a function', { code: 'tool_use_failed' }),
    'bad_output',
  ],
];

describe('a refusal', () => {
  it.each(ROWS)('%s (%i) is told apart', (_name, status, body, fault, headers) => {
    expect(refusal(status, body, headers).fault).toBe(fault);
  });

  it('says why in words, never in JSON or markup, and on one line', () => {
    for (const [, status, body, , headers] of ROWS) {
      const { message } = refusal(status, body, headers);
      expect(message).not.toMatch(/[{}<>\p{Cc}]/u);
      expect(message).toContain(String(status));
    }
    expect(refusal(403, '<title>Log in\u001b[31m</title>').message).toBe(
      'a web page answered, "Log in [31m" (HTTP 403 Forbidden)',
    );
  });

  it('names the parts of a call that its words are about', () => {
    expect(refusal(400, error('Unsupported value: temperature', { param: 'temperature' })).named).toEqual(['temperature']);
    expect(refusal(400, error("Use 'max_completion_tokens' instead of 'max_tokens'")).named).toEqual(['limit']);
    expect(refusal(400, error('response_format json_schema is not supported')).named).toEqual(['schema']);
    expect(refusal(400, error('no')).named).toEqual([]);
  });
});

describe('when to come back', () => {
  it.each([
    ['try again in 7.66s', 7_660],
    ['Please try again in 7m30.5s.', 450_500],
    ['Limit 30000 per 1m, used 29999. Retry after 20 seconds', 20_000],
    ['wait 2 minutes', 120_000],
    ['retry in 350ms', 350],
    ['available again in 5 minutes and 3 s', 303_000],
    ['retry after 2 hours', 600_000],
    ['include the request ID 7f3a9c52e18b4d in your message', undefined],
    ['all 8 H100 are busy', undefined],
    ['the server has been up for 12 days', undefined],
    ['timed out after 3600 seconds', undefined],
    ['at most 20 requests per 1 hour', undefined],
    ['2 models are loaded', undefined],
    ['try again later', undefined],
  ])('reads "%s"', (text, ms) => {
    expect(waitIn(text)).toBe(ms);
  });

  it('takes headers before words: seconds, milliseconds, dates, durations', () => {
    const at = (headers: Record<string, string>, words = '') => comeBackMs((name) => headers[name], words, 4_000);
    expect(at({ 'retry-after': '2' }, 'in 9 s')).toBe(2_000);
    expect(at({ 'retry-after': '2', 'retry-after-ms': '150' })).toBe(150);
    expect(at({ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' })).toBe(6_000);
    expect(at({ 'retry-after': '1m30s' })).toBe(90_000);
    expect(at({ 'retry-after': 'soon' })).toBeUndefined();
    expect(at({ 'retry-after': '-3' })).toBeUndefined();
    expect(at({})).toBeUndefined();
  });
});

describe('the body of a refusal', () => {
  it.each([
    ['{"error":{"message":"m","code":"c"}}', 'm', 'c'],
    ['{"error":"m"}', 'm', ''],
    ['{"message":"m","type":"t"}', 'm', 't'],
    ['[{"error":{"message":"m","status":"S"}}]', 'm', 'S'],
    ['{"detail":[{"loc":["body"],"msg":"m","type":"t"}]}', 'm', 't'],
    ['{"errors":[{"message":"m"}]}', 'm', ''],
    ['plain words', 'plain words', ''],
  ])('%s', (body, words, codes) => {
    expect(saidIn(body)).toMatchObject({ words, codes });
  });

  it('is cut where it gets long', () => {
    expect(saidIn('x'.repeat(5_000)).words.length).toBeLessThanOrEqual(240);
  });
});
