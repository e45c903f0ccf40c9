import { isLoopbackHost } from '../../contract/loopback.ts';

/** The address of the API as a file may name it, without a slash at its end; a reason when it is refused. */
export function readEndpoint(value: unknown): { readonly endpoint?: string; readonly refused?: string } {
  if (value === undefined || value === null || value === '') return {};
  if (typeof value !== 'string') return { refused: 'must be a text like "http://127.0.0.1:8420"' };
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return { refused: `"${value.slice(0, 200)}" is not an address; write one like "http://127.0.0.1:8420"` };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { refused: 'must begin with http://' };
  if (!isLoopbackHost(url.hostname)) return { refused: `${url.hostname} is another machine; only loopback addresses are used` };
  if (url.username !== '' || url.password !== '') return { refused: 'must not carry a user name or password' };
  return { endpoint: value.replace(/\/+$/, '') };
}
