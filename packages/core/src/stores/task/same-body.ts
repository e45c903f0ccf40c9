/** JSON with sorted keys, so that two bodies that say the same compare equal. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export const sameBody = (a: unknown, b: unknown): boolean => stableJson(a) === stableJson(b);
