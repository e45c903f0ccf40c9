/** What Windows-1252 has from 0x80 to 0x9F, blank where nothing; Node's own decoder may take these bytes for ISO-8859-1. */
const SIGNS = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';
/** So much of what is not ASCII must read as Western; the rest may be a slip. */
const SHARE = 0.75;

/**
 * Whether bytes that are no UTF-8 read as Western text in Windows-1252. Other encodings give letters there too, but not
 * letters that stand alone or in pairs within words of ASCII letters: Chinese or Cyrillic give long runs of them.
 */
export function looksWestern(bytes: Uint8Array): boolean {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (/[\x81\x8d\x8f\x90\x9d]/.test(latin1)) return false;
  const text = latin1.replace(/[\x80-\x9f]/g, (sign) => SIGNS[sign.charCodeAt(0) - 0x80] ?? sign);
  const [western, all] = [...text.matchAll(/[^\0-\x7f]+/g)].reduce(
    ([good, total], { 0: run, index }) => {
      const fits = isWestern(run, text[index - 1] ?? '', text[index + run.length] ?? '');
      return [fits ? good + run.length : good, total + run.length] as const;
    },
    [0, 0],
  );
  return western > all * SHARE;
}

/** A run of what is not ASCII, and its neighbours: signs around at most two letters, which the case of their word fits. */
function isWestern(run: string, before: string, after: string): boolean {
  const [, lead = '', letters = '', trail = ''] = /^([\p{P}\s]{0,2})(\p{Script=Latin}{0,2})([\p{P}\s]{0,2})$/u.exec(run) ?? [];
  if (letters === '') return isSign(run, before, after);
  const word = `${lead === '' ? letterOf(before) : ''}${letters}${trail === '' ? letterOf(after) : ''}`;
  return /^\p{Lu}*[\p{Ll}\p{Lo}]*$/u.test(word) && (word.length > letters.length || letters.length === 1);
}

const letterOf = (sign: string): string => /^[A-Za-z]$/.exec(sign)?.[0] ?? '';

/** One sign, or a guillemet with its fixed blank. Few stand within a word, where other encodings have their letters. */
function isSign(run: string, before: string, after: string): boolean {
  if (run.length > 1) return /^(?:\p{Pi}\s|\s\p{Pf})$/u.test(run);
  if (!/\w/.test(before) || !/\w/.test(after)) return true;
  return /[\p{Pf}\p{Pd}\p{Po}]/u.test(run) || (/\d/.test(before) && /[\p{Sm}\p{Sc}°]/u.test(run));
}
