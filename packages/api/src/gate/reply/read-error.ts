import { type Fields, isObject, isText } from './fields.ts';

/** What a server says went wrong, in whatever shape it put that into a reply with a good status. */
export interface SaidError {
  readonly kind: 'error';
  readonly message: string;
  readonly status?: number;
}

/** `sure`: the value is an error, even if it holds a number or a name alone. */
export function errorIn(value: unknown, sure = true): SaidError | undefined {
  if (isText(value)) return { kind: 'error', message: value };
  if (!isObject(value)) return undefined;
  const told = [value['message'], value['detail'], value['error'], value['msg'], isErrorItself(value) && value['text']];
  const codes = [value['status'], value['code'], value['status_code'], value['error_code']];
  const named = [value['type'], ...codes].find((code) => isText(code) || (typeof code === 'number' && code !== 0));
  const message = told.find(isText) ?? (named === undefined || !sure ? undefined : `error ${String(named)}`);
  if (message === undefined) return undefined;
  const status = codes.map(statusOf).find((code) => code >= 400 && code < 600);
  return { kind: 'error', message: message.slice(0, 300), ...(status === undefined ? {} : { status }) };
}

/** Whether an object says of itself that it is an error, instead of holding one. */
export const isErrorItself = ({ object, type, error, error_code: code }: Fields): boolean =>
  object === 'error' || type === 'error' || error === true || (Number(code) !== 0 && (isText(code) || typeof code === 'number'));

/** Whether the field for errors says that there was none. */
export function isSuccess(error: unknown): boolean {
  if (!isObject(error)) return isGood(error);
  return [error['code'], error['status'], error['status_code'], error['message'], error['msg']].some(isGood);
}

const isGood = (said: unknown): boolean =>
  said === false ||
  ((isText(said) || typeof said === 'number') && /^(?:0|200|ok|none|no error|success(?:ful(?:ly)?)?)$/i.test(String(said)));

/** Some servers number their errors within a status: 50004 is a kind of 500. */
function statusOf(code: unknown): number {
  const number = Number(code);
  return number >= 40_000 && number < 60_000 ? Math.floor(number / 100) : number;
}
