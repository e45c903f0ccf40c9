import { asksForDeed, asksForFiction } from './asks.ts';

/** How an answer of words alone can be seen to claim deeds: its author had no tool, so nothing of the kind happened. */

/** Output of tools that nobody called, in the forms in which models write it. */
const TRANSCRIPTS: readonly RegExp[] = [
  /<\/?(?:tool_(?:call|use|result|response|output)|function_(?:calls?|results?))\b[^>]*>/i,
  /^[ \t]*\[?(?:tool[ _](?:output|result|response|call)|function[ _](?:result|output|call))\]?[ \t]*[:>]/im,
  /\[\/?(?:tool[ _](?:call|use|result|response|output)|function[ _](?:call|result|output))\]/i,
  /^[ \t]*(?:action|action input):[^\n]*\n+[ \t]*observation:/im,
  /^[ \t]*(?:tool|function|command):[^\n]*\n+[ \t]*(?:result|output|response):/im,
];
/** The same as data. */
const CALL_AS_DATA = /\{[^{}]{0,200}"(?:tool|function|tool_name)"\s*:[^{}]{0,200}"(?:output|result|response|stdout)"\s*:/i;

const PATH = String.raw`(?:[\w.-]+\/)*(?!(?:node|vue|next|react|express|three|nuxt|angular|d3|socket)\.js\b)[\w-]+\.(?:md|txt|json|csv|tsv|ts|tsx|js|jsx|mjs|cjs|py|rb|go|rs|java|c|cpp|h|html|css|ya?ml|toml|xml|sql|sh|log|zip|pdf|docx?|xlsx?|pptx?|png|jpe?g|svg)\b`;
const WROTE = 'created|saved|written|wrote|updated|edited|modified|deleted|added|stored|exported';
const I_HAVE = String.raw`\b(?:I|we)(?:['’]ve| have)? (?:just |already |now |also |successfully |then )?`;
const AT_START = String.raw`(?<=^|[.!?\n]\s{0,3})`;

/** Files that somebody claims to have written. */
const FILES: readonly RegExp[] = [
  new RegExp(
    String.raw`${I_HAVE}(?:${WROTE})\b[^.\n]{0,60}?\b(?:the |a |your |to )?(?:file|disk|workspace|repository|folder|directory)\b`,
    'i',
  ),
  new RegExp(String.raw`${I_HAVE}(?:${WROTE}) (?:[^.\n]{0,60}? )??(?:(?:to|in|into|at|as|under) )?${PATH}`, 'i'),
  new RegExp(
    String.raw`${AT_START}(?:the|your|it|everything|all)\b[^.!?\n]{0,60}?\b(?:has|have) been (?:successfully )?(?:${WROTE})\b[^.\n]{0,40}?\b(?:to|in|into|at|as|under) ${PATH}`,
    'i',
  ),
  new RegExp(`${AT_START}(?:file )?(?:written|saved|created|exported)(?: to| at| as)?:? ${PATH}`, 'i'),
];

const MACHINE =
  '(?:tests?|test suite|suite|specs?|command|script|build|linter|benchmarks?|pipeline|migration|program|pytest|npm|vitest|jest|cargo|make)';
const SENT = 'uploaded|e-?mailed|sent|deployed|published|committed|pushed|merged|installed|released|shared';
/** Deeds in the first person that need a machine. */
const DEEDS: readonly RegExp[] = [
  new RegExp(String.raw`${I_HAVE}(?:ran|run|executed|re-?ran)\b[^.\n]{0,40}?\b${MACHINE}\b`, 'i'),
  new RegExp(
    String.raw`${I_HAVE}(?:committed|pushed|deployed|merged|uploaded|installed|e-?mailed|published)\b[^.\n]{0,60}?\b(?:commit|branch|changes?|code|server|production|repository|release|package|report|e-?mail|site)\b`,
    'i',
  ),
  new RegExp(
    String.raw`${I_HAVE}(?:checked|verified|confirmed|tested|validated)\b[^.\n]{0,60}?\bby (?:running|executing)\b`,
    'i',
  ),
  new RegExp(
    String.raw`${I_HAVE}(?:opened|started|launched|clicked|loaded)\b[^.\n]{0,40}?\b(?:in|with|through) (?:the|a|my) (?:browser|app|terminal|emulator|debugger)\b`,
    'i',
  ),
  new RegExp(
    String.raw`\bafter (?:running|executing) [^.\n]{0,40}?\b${MACHINE}\b[^.\n]{0,20}\b(?:I|we) (?:can |could )?(?:confirm|see|saw|found|got)\b`,
    'i',
  ),
  new RegExp(String.raw`${I_HAVE}(?:${SENT}|forwarded|submitted|posted) (?:it|this|that|them|the|your|a copy)\b`, 'i'),
  /\b(?:all )?\d+ (?:tests?|checks?|specs?) (?:passed|pass|succeeded|are green)\b/i,
  /\b\d+ ?(?:\/|of|out of) ?\d+ (?:tests? |checks? )?(?:passed|passing|green|succeeded)\b/i,
  /\b\d+ (?:passed|passing)[,;]? (?:and )?\d+ (?:failed|failing|failures?)\b/i,
  /\btests?\b[^.\n]{0,40}?\b\d+ (?:passed|passing)\b/i,
  new RegExp(String.raw`${AT_START}all (?:the )?tests (?:now )?pass(?:ed)?[.!](?=\s|$)`, 'i'),
  new RegExp(
    String.raw`${AT_START}(?:the|your) (?:report|file|page|summary|document|code|changes?|e-?mail|release|app|application|package|site) (?:has|have) been (?:successfully )?(?:${SENT})\b[^.\n]{0,40}[.!]?(?=\s|$)`,
    'i',
  ),
];
/** Where the task is to do something on a machine, the machine's words are a claim as well, however they are dressed. */
const MACHINE_WORDS: readonly RegExp[] = [
  ...DEEDS,
  /^[ \t]*(?:\$|>|#) ?(?:npm|npx|pnpm|yarn|node|python3?|pytest|cargo|go|make|git|docker|curl|vitest|jest)\b[^\n]*\n+[^\n]*\S/im,
  /^[ \t]*\d+ passing\b/im,
  /\b\d+ (?:passed|passing|passes)\b/i,
  /\b(?:exit(?:ed)?(?: with)?(?: code)?|return code):? ?0\b/i,
  /\bbuild (?:succeeded|successful|passed)\b/i,
  /\b(?:tests?|linter|checks?|benchmarks?|builds?|migrations?|scripts?|deployments?|installations?|commands?) (?:has |have |were |was )?(?:been )?(?:ran|executed|completed|finished|succeeded|applied|successful|successfully)\b/i,
  new RegExp(
    String.raw`${I_HAVE}(?:applied|started|launched|called|queried|measured|benchmarked|profiled|compiled|built|installed|deployed) (?:it|this|that|the|your|a|all)\b`,
    'i',
  ),
];
const FENCED = /```[\s\S]*?(?:```|(?![\s\S]))/g;
const QUOTED = /```[\s\S]*?(?:```|(?![\s\S]))|`[^`\n]*`|"[^"\n]{0,400}"|“[^”\n]{0,400}”|^[ \t]*>.*$/gm;
const RAN_QUOTED = new RegExp(String.raw`(${I_HAVE}(?:ran|run|executed)) \`[^\`\n]*\``, 'gi');

/**
 * What an answer claims to have done or seen although its author could act on nothing; undefined when there is no such
 * claim. Where the declared file was seen to be written, nobody is blamed for saying so.
 */
export function inventedIn(answer: string, task: string, fileWritten = false): string | undefined {
  const transcript = /\btool\b|\bfunction[- ]call/i.test(task) ? undefined : transcriptIn(answer, task);
  if (transcript !== undefined) return transcript;
  if (asksForFiction(task)) return undefined;
  if (asksForDeed(task)) {
    const claim = first(MACHINE_WORDS, answer, task);
    if (claim !== undefined) return claim;
  }
  const plain = answer.replace(RAN_QUOTED, '$1 the command').replace(QUOTED, ' ');
  const named = answer.replace(new RegExp(`\`(${PATH})\``, 'gi'), '$1').replace(QUOTED, ' ');
  return first(DEEDS, plain, task) ?? (fileWritten ? undefined : first(FILES, named, task));
}

function transcriptIn(answer: string, task: string): string | undefined {
  const found = first(TRANSCRIPTS, answer.replace(FENCED, ' '), '');
  return found ?? (asksForDeed(task) ? CALL_AS_DATA.exec(answer)?.[0] : undefined);
}

/** The first claim that does not stand in the task itself. */
function first(patterns: readonly RegExp[], text: string, task: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found && !task.toLowerCase().includes(found[0].toLowerCase())) return found[0].trim();
  }
  return undefined;
}
