import { wordsOf } from '../words/index.ts';

/** Words that begin a piece of work and are hardly ever nouns there. */
const VERBS = new Set(
  `add alphabetize answer analyse analyze append apply arrange ask assemble assess brainstorm bring calculate capitalize clean collect combine compare compile compose compute
  configure connect convert correct create decide decode define delete deliver derive describe determine develop discover do download draw
  edit email eliminate encode enhance enumerate estimate evaluate examine execute expand explain explore expose extend extract fetch fill find fix
  flatten gather generate get give identify implement import improve include ingest insert install integrate interview introduce invent
  investigate join load lint make measure merge migrate modify notify obtain optimise optimize organise organize parse paraphrase perform
  polish predict prepare print prioritise prioritize produce propose prove provide publish pull push put rank read recommend
  reduce refactor remove rename replace rephrase research resolve restart retrieve reverse rewrite run save scan select send set ship show simplify
  slugify solve split store submit suggest summarise summarize tell translate trim turn update upload uppercase lowercase use validate verify visit visualise visualize
  wire write deploy draft clarify count deduplicate encrypt decrypt compress announce call choose commit complete confirm contact cook delegate explain
  finish finalise finalize follow highlight illustrate inspect inform interpret invite learn list mention name note open pick post present proofread record
  register rehearse reply report review schedule search share sketch sort start stop tag teach test train transform build check debug design
  document format log mark mock model monitor move outline buy pay ask package plan plot profile query release reset cover copy clone benchmark audit archive back bundle`.split(
    /\s+/,
  ),
);

/** Verbs that are as often nouns: they begin work only before an object that looks like one. */
const NOUN_TOO = new Set(
  `test build check design document format log mark model monitor outline package plan plot profile query release report review schedule search sketch
  sort start stop tag train cover copy clone audit archive back bundle list name note post present record rank name benchmark email call draft mock
  show share set run use move debug interview ship import display contact research cook open pull push commit mention visit`.split(
    /\s+/,
  ),
);

const OBJECT_START =
  /^(?:a|an|the|it|them|this|that|these|those|all|any|each|every|some|its|their|our|my|your|his|her|both|one|two|three|four|five|ten|\d+|for|with|in|on|at|to|whether|how|what|if|everything|me|us|\uE000+)$/;

/** Verbs that say how the work shall be, not what work there is. */
const HOW = new Set(
  'make use keep ensure include avoid limit answer respond reply mention start end begin return output be remember note stay consider'.split(
    ' ',
  ),
);

/**
 * Whether a piece of text begins with something to do. `strict` asks more of words that are nouns as well ("test", "plan"):
 * an object that looks like one must follow.
 */
export function beginsWork(maskedPiece: string, strict: boolean): boolean {
  const words = firstWords(maskedPiece);
  const verb = words[0];
  const next = words[1];
  if (verb === undefined || !VERBS.has(verb) || next === undefined) return false;
  if (!strict || !NOUN_TOO.has(verb)) return true;
  return OBJECT_START.test(next);
}

/** Whether a sentence only says how the work shall be done. */
export function saysHow(maskedSentence: string): boolean {
  const [verb] = firstWords(maskedSentence);
  if (verb === undefined) return false;
  return (
    HOW.has(verb) ||
    /^(?:please\s+)?(?:do not|don['’]t|never|always|only|no\b|it (?:must|should)|you (?:must|should)|all )/i.test(
      maskedSentence.trim(),
    )
  );
}

/** Whether a part looks like a verb, known or not, before its object: a word that is no determiner, then one. */
export function verbWithObject(maskedPart: string): boolean {
  const [verb, next] = firstWords(maskedPart);
  return verb !== undefined && next !== undefined && !OBJECT_START.test(verb) && DETERMINER.test(next);
}

const DETERMINER = /^(?:an?|the|it|them|all|each|every|its|their|our|my|your|his|her|both)$/;

function firstWords(maskedPiece: string): string[] {
  return maskedPiece
    .trim()
    .split(/\s+/)
    .slice(0, 3)
    .flatMap((word) => (word.includes('\uE000') ? ['\uE000'] : wordsOf(word)));
}
