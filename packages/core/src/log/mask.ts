const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\bgsk_[\w-]{6,}/g, 'gsk_***'],
  [/\bsk-[\w-]{12,}/g, 'sk-***'],
  [/\b(Bearer)\s+[\w.~+/=-]{6,}/gi, '$1 ***'],
];

const known = new Set<string>();

/** Have this very value masked from here on, e.g. the internal token or a key from the environment. */
export function rememberSecret(value: string | undefined): void {
  if (value === undefined || value.length < 8) return;
  known.add(value);
  known.add(JSON.stringify(value).slice(1, -1));
}

/**
 * Text with every key, bearer token and remembered secret replaced. Works on plain text and on JSON text alike, and
 * leaves JSON valid.
 */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const secret of known) if (masked.includes(secret)) masked = masked.replaceAll(secret, '***');
  for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement);
  return masked;
}
