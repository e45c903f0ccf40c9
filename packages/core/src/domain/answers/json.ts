/** JSON that an answer consists of, alone or in one code fence; `found: false` when it is neither. `text` is the JSON itself. */
export function jsonIn(
  answer: string,
): { readonly found: true; readonly value: unknown; readonly text: string } | { readonly found: false } {
  const text = answer.trim();
  const fence = /^(```|~~~)[\w-]*[ \t]*\r?\n([\s\S]*?)\r?\n?[ \t]*\1$/.exec(text);
  for (const candidate of [text, fence?.[2]?.trim()]) {
    if (candidate === undefined) continue;
    const value = parsed(candidate);
    if (value !== undefined) return { found: true, value, text: candidate };
  }
  return { found: false };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
