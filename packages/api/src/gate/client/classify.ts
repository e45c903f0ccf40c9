import { STATUS_CODES } from 'node:http';
import type { ProviderFault } from '../../errors/index.ts';
import { CallFailure, type Part } from '../call/call-failure.ts';
import { comeBackMs, type Said, saidIn, waitIn } from './words.ts';

/** An answer of the provider that is none, as it came. `model` is the one that was asked. */
export interface Refusal {
  readonly status: number;
  readonly header: (name: string) => string | null | undefined;
  readonly body: string;
  readonly model: string;
  readonly now: number;
}

/** The parts of a call, by what providers call them. */
const NAMES: readonly (readonly [Part, RegExp])[] = [
  ['temperature', /temperature|top_p|sampling/i],
  ['limit', /max_(?:completion_|output_|new_)?tokens/i],
  ['schema', /response_format|json_schema|json_object|structured.?output|guided_json|grammar|\bjson mode/i],
  ['tools', /\btools?\b|tool_choice|function.?call/i],
  ['effort', /reasoning|effort|thinking/i],
  ['stream', /stream/i],
];
const MONEY = /quota|\bbilling|\bcredits?\b|\bbalance\b|\bpayment|insufficient.?funds|spend(?:ing)?.?limit/i;
/** A request that no wait makes small enough: it asks for more than its account may have at all. */
const TOO_LARGE = /\blimit\D{0,12}(\d[\d,]*)\b.*?\brequested\D{0,12}(\d[\d,]*)/i;
/** A part of a request that is not taken, told with a status of a fault of the server's own. */
const UNSUPPORTED =
  /not? (?:longer )?support|unsupported|not (?:available|allowed|enabled|implemented)|unknown|unexpected|unrecogni[sz]ed/i;
/** A model that is not there, or not for this key or this use. */
const NO_MODEL =
  /not (?:exist|found|available|supported|support|allowed)|no(?:t have)? access|cannot|can't|invalid model|unknown model|not a (?:valid|chat)|deprecated|decommissioned|retired/i;
const KEY = /api.?key|authenticat|unauthori[sz]ed|invalid.?token|credential/i;
const PERMISSION = /permission|scope|not authori[sz]ed|project|organi[sz]ation/i;
const ADDRESS = /^not.?found|endpoint|\bpath\b|\burl\b|\broute\b|\bpage\b/i;
const MODEL = /\bmodels?\b|model_not_found/i;

/** What a refusal means. The words are the provider's own; the status decides, and codes where one status means several things. */
export function classify(refusal: Refusal): CallFailure {
  const said = saidIn(refusal.body);
  const message = inWords(refusal.status, said);
  // Only what passes by itself says when.
  const passes = refusal.status === 429 || refusal.status === 498 || refusal.status >= 500;
  const retryAfterMs = comeBackMs(refusal.header, passes ? said.words : '', refusal.now);
  const fault = faultOf(refusal, said);
  const named: readonly Part[] = isTooLarge(said)
    ? ['limit']
    : fault === 'misconfigured' || fault === 'rate_limited'
      ? []
      : partsIn(said);
  return new CallFailure(fault, message, { retryAfterMs, named });
}

function faultOf({ status, model, header }: Refusal, said: Said): ProviderFault {
  const told = `${said.codes} ${said.words}`;
  if (said.kind === 'page') return status === 404 || status === 405 ? 'bad_address' : 'unavailable';
  if (status === 402) return 'no_credit';
  if (isTooLarge(said)) return 'invalid_request';
  if (status >= 300 && status < 400) return status === 301 || status === 308 ? 'bad_address' : 'unavailable';
  if (status === 429 || status === 498) {
    const named = header('retry-after') ?? header('retry-after-ms') ?? waitIn(said.words);
    return MONEY.test(told) && (named === undefined || /insufficient_quota/i.test(said.codes)) ? 'no_credit' : 'rate_limited';
  }
  if (
    /tool_use_failed|json_validate_failed|failed to (?:call a function|parse tool call|generate json|validate json)/i.test(told)
  )
    return 'bad_output';
  if (status >= 500 || [408, 409, 425].includes(status))
    return status < 502 && partsIn(said).length > 0 && UNSUPPORTED.test(told) ? 'invalid_request' : 'unavailable';
  if (status === 400 || status === 403) if (MONEY.test(told) && partsIn(said).length === 0) return 'no_credit';
  return faultOf4xx(status, model, said, told);
}

function faultOf4xx(status: number, model: string, said: Said, told: string): ProviderFault {
  const aboutModel = names(told, model);
  switch (status) {
    case 401:
    case 407:
      return 'misconfigured';
    case 403:
      if (aboutModel) return 'unknown_model';
      return KEY.test(told) || PERMISSION.test(told) ? 'misconfigured' : 'forbidden';
    case 404:
      return said.kind === 'json' && (aboutModel || MODEL.test(told) || !ADDRESS.test(said.words))
        ? 'unknown_model'
        : 'bad_address';
    case 405:
      return 'bad_address';
    default:
      if (KEY.test(told) && partsIn(said).length === 0) return 'misconfigured';
      return aboutModel && NO_MODEL.test(told) && partsIn(said).length === 0 ? 'unknown_model' : 'invalid_request';
  }
}

/** An error that came as the answer of a good response. What the model wrote before it may be charged. */
export function classifyInside(
  message: string,
  status: number | undefined,
  refusal: Omit<Refusal, 'status' | 'body'>,
  partial: string,
): CallFailure {
  const body = JSON.stringify({ error: { message } });
  const failure = classify({ ...refusal, status: status ?? (MONEY.test(message) ? 429 : 502), body });
  return new CallFailure(failure.fault, `an error came as the answer: ${failure.message}`, {
    retryAfterMs: failure.retryAfterMs,
    named: failure.named,
    ...(partial === '' ? {} : { partial, mayBeCharged: true }),
  });
}

function isTooLarge({ words }: Said): boolean {
  const [, limit = '', requested = ''] = TOO_LARGE.exec(words) ?? [];
  return Number(requested.replaceAll(',', '')) > Number(limit.replaceAll(',', '')) && limit !== '';
}

const partsIn = ({ words, codes }: Said): Part[] =>
  NAMES.filter(([, name]) => name.test(`${codes} ${words}`)).map(([part]) => part);

/** Whether a text speaks of this very model, with or without its maker's name. */
function names(text: string, model: string): boolean {
  const short = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  return short.length > 1 && new RegExp(`(?<![\\w.-])${escaped(short)}(?![\\w-])`, 'i').test(text);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function inWords(status: number, { words, kind }: Said): string {
  const name = STATUS_CODES[status];
  const code = `HTTP ${status}${name ? ` ${name}` : ''}`;
  if (kind === 'page') return words === '' ? `a web page answered (${code})` : `a web page answered, "${words}" (${code})`;
  return words === '' ? code : `${words} (${code})`;
}
