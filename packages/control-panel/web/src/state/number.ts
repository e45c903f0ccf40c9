/** A number that was typed; what is none goes as typed, so that the contract's own message comes back. */
export function numberOr(typed: string): number | string {
  const text = typed.trim();
  const number = Number(text.replace(/^\$/, '').replace(',', '.'));
  return text !== '' && Number.isFinite(number) ? number : text;
}
