/** Whole cents as text, e.g. 123456 as "1,234.56". */
export function format(cents) {
  const sign = cents < 0 ? '-' : '';
  const [whole, part] = (Math.abs(cents) / 100).toFixed(2).split('.');
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${part}`;
}

/** "1,234.56" as whole cents. @throws RangeError for what is no amount */
export function parse(text) {
  const plain = text.trim().replaceAll(',', '');
  if (!/^-?\d+(\.\d{1,2})?$/.test(plain)) throw new RangeError(`not an amount: ${text}`);
  return Math.round(Number(plain) * 100);
}

/** A share of some cents, half a cent rounded up. */
export const share = (cents, percent) => Math.floor((cents * percent) / 100 + 0.5);
