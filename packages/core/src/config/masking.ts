/** A secret as a person may see it: enough to tell two keys apart, never enough to use one, e.g. `gsk_…abcd`. */
export function maskSecret(text: string): string {
  if (text.length < 16) return '…';
  const prefix = /^[a-z]{2,4}[_-]/i.exec(text)?.[0] ?? '';
  return `${prefix}…${text.slice(-4)}`;
}

/** An address without its user, password and query, which may carry a key. */
export function maskUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (!url.username && !url.password && !url.search) return text;
  url.username = '';
  url.password = '';
  url.search = '';
  return `${url.href} (credentials hidden)`;
}
