/** What people paste behind a base URL, and what it is without. */
const ENDPOINTS = /\/(?:chat\/completions|completions|responses|models|embeddings)$/;

/**
 * The addresses under which an OpenAI-compatible API may stand, in the order in which they are asked: as it was given,
 * without slashes and an endpoint at its end, then with `/v1`, then without it.
 */
export function addressesOf(given: string): readonly string[] {
  const url = new URL(given);
  url.hash = '';
  url.search = '';
  url.pathname = url.pathname.replace(/\/+/g, '/').replace(/\/+$/, '').replace(ENDPOINTS, '').replace(/\/+$/, '');
  const base = url.href.replace(/\/+$/, '');
  const bare = base.replace(/\/v\d+$/, '');
  return bare === base ? [base, `${base}/v1`] : [base, bare];
}
