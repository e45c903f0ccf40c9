import { mayDeny } from './words.ts';

/** What a field's name promises of its value. */
type Kind = 'about' | 'prose' | 'says' | 'share' | 'against' | 'neutral';

const WORDS: Readonly<Record<Kind, string>> = {
  about:
    'id model usage prompt completion total tokens token created timestamp date time version language lang schema type title name task provider reviewer author source count words length cost duration ms seconds extra additional meta metadata info tag tags category topic style tone mood used uuid hash seed latency',
  prose:
    'reason reasons reasoning rationale explanation summary note notes comment comments justification analysis thought thoughts thinking message detail details description feedback evidence observations strengths remark remarks basis text why because',
  says: 'verdict approved approve approval accept accepted acceptable status state decision final result outcome conclusion pass passed passes ok okay success successful complete completed correct valid good done verified satisfied satisfies meets meet fulfils recommendation judgment judgement checks criteria',
  share: 'score rating grade accuracy completeness correctness quality clarity certainty sure level confidence',
  against:
    'reject rejected rejection fail failed fails failure failures error errors problem problems denied refused blocked blockers blocking flagged critical wrong missing',
  neutral: 'is has was are any the my our all overall critic review answer response output requirement requirements data',
};
const KINDS = new Map(
  Object.entries(WORDS).flatMap(([kind, words]) => words.split(' ').map((word): [string, string] => [word, kind])),
);
const YES =
  /^(?:approved?|minor[ _-]?issues?|pass(?:ed)?|ok(?:ay)?|yes|true|accept(?:ed)?|success(?:ful)?|completed?|done|final|correct|valid|good|very good|great|excellent|high|very high|full|fine|verified|1)$/;
const NO = /^(?:no|none|false|nothing|n\/a|0)$/;

/** The words of a name: `finalVerdict` and `final_verdict` are `final` and `verdict`. */
export const wordsOfName = (name: string): string[] =>
  name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** The kind of a name of which every word is known. A word that speaks against an approval outweighs all others. */
function kindOf(name: string): string | undefined {
  const kinds = wordsOfName(name).map((word) => KINDS.get(word));
  if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
  return kinds.includes('against') ? 'against' : (kinds.findLast((kind) => kind !== 'neutral') ?? 'neutral');
}

/** Whether a further field could contradict the approval it stands beside. One whose name is not known could, unless it is empty. */
export function couldContradict(name: string, value: unknown): boolean {
  const kind = kindOf(name);
  if (value === null || value === undefined || value === '') return false;
  if (Array.isArray(value)) return value.some((item) => couldContradict(name, item));
  if (typeof value === 'object') {
    const inner = Object.entries(value);
    if (kind === undefined || kind === 'against') return inner.length > 0;
    return inner.some(([key, part]) => couldContradict(key, part));
  }
  const said = String(value)
    .trim()
    .replace(/^[*_`"']+|[*_`"'.!]+$/g, '')
    .toLowerCase();
  if (kind === 'about') return typeof value === 'string' && saysNo(said);
  if (kind === 'prose') return typeof value !== 'string' || (!YES.test(said) && mayDeny(value));
  if (kind === 'against') return !NO.test(said);
  if (kind === 'share') return !YES.test(said) && !((ratingOf(value) ?? 0) >= 0.5);
  return kind === undefined || !YES.test(said);
}

/** Names and ids are no prose; one of them that says no is none. */
const saysNo = (said: string): boolean => /\p{L}/u.test(said) && mayDeny(`${said.replace(/[_-]/g, ' ')} is`);

/** A bare number from 1 to 10 is taken as so many tenths: a rating of so few hundredths goes with no approval. */
const ratingOf = (value: unknown): number | undefined => {
  const share = shareOf(value);
  return share !== undefined && /^\s*(?:[2-9]|10|[1-9]\.\d+)\s*$/.test(String(value)) ? share * 10 : share;
};

/** A share of a whole, as a number, a text, a percentage or parts of it; undefined when it is none of them. */
export function shareOf(value: unknown): number | undefined {
  const parts = /^\s*(\d+(?:[.,]\d+)?|[.,]\d+)\s*(%|\/\s*(\d+))?\s*$/.exec(String(value));
  if (!parts?.[1]) return undefined;
  const number = Number(parts[1].replace(',', '.'));
  const whole = parts[3] === undefined ? (parts[2] === '%' || number > 1 ? 100 : 1) : Number(parts[3]);
  const share = number / whole;
  return share >= 0 && share <= 1 ? share : undefined;
}

/** How bad an issue may be beside an approval. */
const SMALL =
  /^(?:low|lowest|minor|trivial|info|informational|nit|nitpick|cosmetic|style|stylistic|small|tiny|medium|moderate|optional|none|suggestion|[0-2])$/i;
const GRAVE = /^\W*(?:critical|blocker|blocking|severe|fatal|major|high)\b\W*[:\-–—\])]/i;

/** Whether an issue is graver than an approval bears: by what it says of its own weight. */
export function isGrave(issue: unknown): boolean {
  if (typeof issue === 'string') return GRAVE.test(issue);
  if (Array.isArray(issue)) return issue.some(isGrave);
  if (typeof issue !== 'object' || issue === null) return false;
  return Object.entries(issue).some(([name, value]) => {
    const weighs = /severity|priority|level|impact|weight|rank|blocking|blocker|critical|fatal|schwere|gravedad|gravité/i.test(
      name,
    );
    return weighs ? value !== false && value !== null && !SMALL.test(String(value).trim()) : isGrave(value);
  });
}
