import { visible } from '../../words/visible.ts';

/** One thing in a changed file's text that a person would not see, or should not be there. */
export interface TextProblem {
  readonly path: string;
  readonly line: number;
  readonly problem: string;
}

const ENCODED = /[A-Za-z0-9+/_-]{200,}={0,2}|(?:\\x[0-9a-fA-F]{2}){50,}|(?:\\u[0-9a-fA-F]{4}){34,}/;
/** Joiners and soft hyphens have their place in some scripts and in pictures, and none within a word of ASCII. */
const HIDDEN_JOINER = /[\w$][\u00ad\u200c\u200d]+|[\u00ad\u200c\u200d]+[\w$]/;
const CYRILLIC_IN_LATIN =
  /\p{Script=Latin}[\p{L}\p{N}_$]*\p{Script=Cyrillic}|\p{Script=Cyrillic}[\p{L}\p{N}_$]*\p{Script=Latin}/u;
/** Greek letters that look like Latin ones; the others stand in names honestly. */
const GREEK_TWIN = /[A-Za-z][\w$]*[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρυχ]|[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρυχ][\w$]*[A-Za-z]/u;
const SECRETS: readonly RegExp[] = [
  /\bgsk_[A-Za-z0-9]{20,}/,
  /\bsk-[\w-]{20,}/,
  /\bgh[opsur]_[A-Za-z0-9]{36,}|\bgithub_pat_\w{30,}/,
  /\bglpat-[\w-]{20,}/,
  /\bnpm_[A-Za-z0-9]{36,}/,
  /\bxox[abprs]-[\w-]{20,}/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bAIza[\w-]{35}/,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  /\bBearer\s+(?=[\w.~+/-]*\d)[\w.~+/-]{24,}/,
];

export interface ChangedText {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** A person looks at it anyway: NUL bytes stand in binaries. */
  readonly asked: boolean;
}

/** What is wrong with the lines that a change brings; what stood there before is nobody's fault. `isSecret`: keys of this machine. */
export function textProblems(
  { path, before, after, asked }: ChangedText,
  isSecret: (line: string) => boolean,
): readonly TextProblem[] {
  if (after === undefined) return [];
  if (after.includes('\0')) return asked ? [] : [{ path, line: lineOf(after, '\0'), problem: 'it holds a NUL byte' }];
  const known = new Set(before?.split('\n'));
  return after
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((text, at) => {
      const problem = known.has(text) ? undefined : lineProblem(text.replace(/\r$/, ''), isSecret);
      return problem === undefined ? [] : [{ path, line: at + 1, problem }];
    });
}

function lineProblem(line: string, isSecret: (line: string) => boolean): string | undefined {
  if (isSecret(line) || SECRETS.some((pattern) => pattern.test(line))) return 'it holds what looks like a key or a password';
  if (visible(line) !== line || HIDDEN_JOINER.test(line))
    return 'it holds characters that nobody sees, or that turn the direction of reading';
  if (CYRILLIC_IN_LATIN.test(line) || GREEK_TWIN.test(line)) return 'a word mixes letters of two scripts that look alike';
  if (ENCODED.test(line)) return 'it holds 200 or more characters of encoded data in a row';
  return undefined;
}

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
