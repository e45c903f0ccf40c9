/** The same rule, worked out once for a text that several rules look at one after the other. Its result must not be changed. */
export function forLatest<T>(rule: (text: string) => T): (text: string) => T {
  let latest: { readonly text: string; readonly result: T } | undefined;
  return (text) => {
    if (latest?.text !== text) latest = { text, result: rule(text) };
    return latest.result;
  };
}
