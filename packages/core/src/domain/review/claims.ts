/** How an answer of words alone can be seen to claim deeds: its author had no tool, so nothing of the kind happened. */

/** Output of tools that nobody called, in the forms in which models write it. */
const TRANSCRIPTS: readonly RegExp[] = [
  /<\/?(?:tool_(?:call|use|result|response|output)|function_(?:calls?|results?))\b[^>]*>/i,
  /^[ \t]*\[?(?:tool[ _](?:output|result|response|call)|function[ _](?:result|output|call))\]?[ \t]*[:>]/im,
  /^[ \t]*(?:action|action input):[^\n]*\n+[ \t]*observation:/im,
];

const PATH = String.raw`(?:[\w.-]+\/)*[\w-]+\.(?:md|txt|json|csv|tsv|ts|tsx|mjs|py|html|css|ya?ml|toml|xml|sql|sh|pdf|docx?|xlsx?|png|svg)\b`;
const WROTE = 'created|saved|written|wrote|updated|edited|modified|deleted|added|stored|exported';

/** Files that somebody claims to have written. */
const FILES: readonly RegExp[] = [
  new RegExp(
    String.raw`\bI(?:['’]ve| have)? (?:just |already |now |also |successfully )?(?:${WROTE})\b[^.\n]{0,60}?\b(?:the |a |your |to )?(?:file|disk|workspace|repository|folder|directory)\b`,
    'i',
  ),
  new RegExp(
    String.raw`\bI(?:['’]ve| have)? (?:just |already |now |also |successfully )?(?:${WROTE}) (?:[^.\n]{0,60}? )??(?:(?:to|in|into|at|as|under) )?${PATH}`,
    'i',
  ),
  new RegExp(
    String.raw`(?<=^|[.!?\n]\s{0,3})(?:the|your|it|everything|all)\b[^.!?\n]{0,60}?\b(?:has|have) been (?:successfully )?(?:${WROTE})\b[^.\n]{0,40}?\b(?:to|in|into|at|as|under) ${PATH}`,
    'i',
  ),
  new RegExp(String.raw`(?<=^|[.!?\n]\s{0,3})(?:file )?(?:written|saved|created|exported)(?: to| at| as)?:? ${PATH}`, 'i'),
];
/** Deeds in the first person that need a machine. */
const DEEDS: readonly RegExp[] = [
  /\bI(?:['’]ve| have)? (?:just |already |now |also |successfully )?(?:ran|run|executed|re-?ran)\b[^.\n]{0,40}?\b(?:tests?|test suite|command|script|build|linter|benchmarks?|pipeline|migration|pytest|npm|vitest|jest|cargo|make)\b/i,
  /\bI(?:['’]ve| have)? (?:just |already |now |also |successfully )?(?:committed|pushed|deployed|merged|uploaded|installed|e-?mailed|published)\b[^.\n]{0,60}?\b(?:commit|branch|changes?|code|server|production|repository|release|package|report|e-?mail|site)\b/i,
  /\b(?:all )?\d+ (?:tests?|checks?|specs?) (?:passed|pass|succeeded|are green)\b/i,
  /\b\d+ (?:passed|passing)[,;]? (?:and )?\d+ (?:failed|failing|failures?)\b/i,
  /\btests?\b[^.\n]{0,40}?\b\d+ (?:passed|passing)\b/i,
  /(?<=^|[.!?\n]\s{0,3})all (?:the )?tests (?:now )?pass(?:ed)?[.!](?=\s|$)/i,
];
/** Whoever writes a story, a letter or an example lets others speak. */
const QUOTED = /```[\s\S]*?(?:```|(?![\s\S]))|`[^`\n]*`|"[^"\n]{0,400}"|“[^”\n]{0,400}”|^[ \t]*>.*$/gm;
const RAN_QUOTED = /\b(I(?:['’]ve| have)? (?:just |already |now |also |successfully )?(?:ran|run|executed)) `[^`\n]*`/gi;
const FICTION =
  /\b(?:story|tale|poem|dialogue|dialog|scene|letter|e-?mail|diary|journal|role-?play|example|sample|template|changelog|release notes|resume|cv|cover letter|translate|rewrite|rephrase|summari[sz]e|paraphrase)\b/i;

/**
 * What an answer claims to have done or seen although its author could act on nothing; undefined when there is no such
 * claim. Where the declared file was seen to be written, nobody is blamed for saying so.
 */
export function inventedIn(answer: string, task: string, fileWritten = false): string | undefined {
  for (const pattern of TRANSCRIPTS) {
    const found = pattern.exec(answer.replace(/```[\s\S]*?(?:```|$)/g, ' '));
    if (found && !/\btool\b|\bfunction call/i.test(task)) return found[0].trim();
  }
  if (FICTION.test(task)) return undefined;
  const plain = answer.replace(RAN_QUOTED, '$1 the command').replace(QUOTED, ' ');
  const named = answer.replace(new RegExp(`\`(${PATH})\``, 'gi'), '$1').replace(QUOTED, ' ');
  return fileWritten ? first(DEEDS, plain, task) : (first(DEEDS, plain, task) ?? first(FILES, named, task));
}

/** The first claim that does not stand in the task itself. */
function first(patterns: readonly RegExp[], text: string, task: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found && !task.toLowerCase().includes(found[0].toLowerCase())) return found[0].trim();
  }
  return undefined;
}
