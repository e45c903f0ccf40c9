/** What words beside an approval may say. Closed lists allow; whatever is not known is not allowed, in any language. */

/** Words that lead in to a verdict or name it. No sentence of these alone denies, orders, supposes or quotes. */
const NEUTRAL = wordSet(`
  here here's is are this that that's it it's the a an my our final overall critic critics critic's reviewer's review reviewed verdict judgment
  judgement assessment evaluation decision conclusion answer response reply json jsonc json5 js javascript text txt yaml
  plaintext object below as requested asked for follows following in of result output task work i i've have we and sure ok
  okay yes certainly absolutely thanks thank you course checked carefully careful evaluated assessed based on after with
  reviewing let me fully meets so well done everything all requested submitted therefore
  hier ist das der mein meine unser unsere urteil bewertung antwort ergebnis prüfung gerne gern natürlich als wie gewünscht
  folgt voici mon ma le la réponse évaluation bien sûr d'accord en aquí está mi el veredicto respuesta evaluación claro por
  supuesto ecco il mio verdetto risposta aqui meu veredito resposta mijn oordeel antwoord вот мой вердикт ответ оценка
  以下が私の評価です 以下は評価結果です 評価結果 判定 以下是我的评审结果 评审结果如下`);
/** Said out of courtesy, or in praise: a whole phrase, since its single words might say something else. */
const PHRASES =
  /\b(?:(?:please )?(?:let me know|tell me|feel free to ask) if you(?: need| want| have|'d like| would like)(?: anything| any)?(?: more| else| further| other)?(?: questions| details| help| information| me to (?:elaborate|explain))?|(?:i )?hope (?:this|that|it) helps|here you go|best regards|have a (?:nice|good|great) day|as json again)(?=\W*(?:$|\n)|[.!:])[.!]*|\b(?:is|are|looks?)(?: (?:all|entirely|fully))? (?:correct|right|complete|good|fine|accurate)(?: and (?:correct|right|complete|good|fine|accurate))?(?=[.!,]|\s*$|\s*\n| and\b)[.!]*/g;
/** The approval itself, said in words: as a clause of its own, or as what the result does. */
const AGREES =
  /(?:(?<=(?:^|[\n.!:,])\s*)(?:(?:i|we) approve(?: (?:it|this|the (?:result|answer|work|task)))?|approved?)|\b(?:fully |clearly )?(?:meets|satisfies|fulfils) (?:all |the |all the |every )?(?:requirements?|task|request|criteria))(?=\s*(?:[.!:]|$|\n))[.!]*/g;

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

/** A lead-in is short. */
const NEUTRAL_CHARS = 400;

/** Whether the words that stand around a verdict are no more than a lead-in or a courtesy. */
export function isNeutral(around: string): boolean {
  if (around.length > NEUTRAL_CHARS) return false;
  const text = around
    .normalize('NFC')
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/[：]/g, ':')
    .replace(/[✅✔☑]\uFE0F?/gu, ' ')
    .replace(/<\/?([a-z_]+)>/g, ' $1 ')
    .replace(PHRASES, ' ')
    .replace(AGREES, ' ');
  if (/[^\p{L}\p{M}\d'\s*_#`.,:;!-]|(?:^|[^\p{L}*_`])[!-]|-(?!\p{L})|#(?![# ]*[\p{L}*_])/u.test(text)) return false;
  return text.split(/[\s*_#`.,:;!-]+/).every((word) => word === '' || NEUTRAL.has(word));
}

/** A refusal to approve, in the languages that critics are most often asked in. */
const REJECTS =
  /\b(?:i|we)(?:['’]ll| (?:must|have to|would|will|hereby|do|also))? reject|\b(?:be|is|are|was|hereby|verdict:?) reject|^\W*(?:please |final:? )?(?:reject|fail)(?:ed|s|ure)?(?: (?:it|this|that|the|result|answer|task|work))*\W*$|\bfail(?:s|ed)? the (?:task|review)|disapprov|\bdenied\b|\bdecline|not (?:be )?accept|unacceptable|\blehne\b|abgelehnt|ablehn|zurückgewiesen|verworfen|\brejet|\brechaz|\brespin|rifiut|rejeit|recus|\bafgekeurd|afgewezen|odrzuc|zamít|avvis|avslå|reddedi|отклон|отказ|отверг|不通过|不通過|拒绝|拒絕|拒否|却下|不合格|承認でき|مرفوض|رفض|거부|반려/iu;
/** An approval that is denied. */
const DENIED =
  /(?:\b(?:not|never|cannot|unable)\b|n['’]t\b)[^.!?\n]{0,40}\b(?:approv|pass\b)|\bapprov\w*[^.!?\n]{0,40}\b(?:not|never|withheld|denied)\b/i;
/** No word of denial, though it holds one. */
const NO_FAULTS =
  /\b(?:no|without|zero|free (?:of|from))(?: any)?(?: \w+)? (?:issues?|errors?|problems?|faults?|mistakes?|gaps?|flaws?|objections?|concerns?)(?: (?:were |was )?(?:found|seen|remain|noted))?(?=[.,;!]|$)|\bnothing (?:is |was )?(?:missing|wrong|to add|to mend)\b/gi;
const NEGATES =
  /n['’]t\b|(?<![\p{L}])(?:no|not|nor|never|none|nothing|cannot|neither|without|hardly|barely|only|wrong\w*|incorrect\w*|inaccura\w*|invalid\w*|incomplet\w*|insufficien\w*|fail\w*|reject\w*|refus\w*|declin\w*|den(?:y|ies|ied)|disagree\w*|disapprov\w*|error\w*|mistake\w*|bad\w*|poor\w*|lack\w*|omit\w*|however|but|though|although|yet|except|unless|if|would|could|should|must|might|actually|instead|despite|fals\w*|fabricat\w*|pretend\w*|told|ordered|instruct\w*|unable|un(?!d|i|s|ter|til)\w+|mis\w+|dis(?!cuss|play|tin)\w+|irr\w+|\w+less|rej|nope|nonsense|contra\w+|violat\w+|ignor\w+|broken|weak\w*|sloppy|off|lost|worse|worst|nicht|kein\w*|nie|niemals|aber|jedoch|doch|ohne|fehl\w*|lehne\w*|pas|ne|non|jamais|mais|faux|fausse|erron\w*|échou\w*|sans|nunca|pero|incorrecto\w*|sin|falla\w*|mai|ma|sbaglia\w*|senza|não|mas|errad\w*|sem|niet|geen|maar|fout\w*|ale|inte|ikke|men|feil\w*|fel)(?![\p{L}])/iu;
/** Letters set apart hide a word. */
const SPACED = /(?<!\p{L})\p{L}(?: \p{L}){2,}(?!\p{L})/u;
/** Small words of the languages whose denials are known. */
const KNOWN =
  /(?<![\p{L}])(?:the|is|are|and|with|all|this|it|done|well|looks?|good|correct|complete|accurate|as|every|meets|fine|clear|has|was|very|nice|great|excellent|perfect|work|works|job|fits|key|ist|sind|und|der|die|das|alle|est|sont|et|les|tout|está|son|los|las|todo)(?![\p{L}])/iu;

/** Whether words within a verdict, such as an issue, deny that very verdict. Issues may well say what is not there. */
export const rejects = (text: string): boolean => /\bREJECT(?:ED)?\b/.test(text) || REJECTS.test(text) || DENIED.test(text);

/** Whether an issue beside an approval is one that no approval bears: that the result is not right. What could be better is. */
export const findsFault = (text: string): boolean =>
  rejects(text) ||
  /\b(?:wrong|incorrect|fail(?:s|ed)?|false|fabricated|unusable|falsch|incorrect[oae]|faux|fausse)\b/i.test(text);

/** Whether free words beside an approval may deny it. Words of a language whose denials are not known may. */
export function mayDeny(prose: string): boolean {
  const text = prose.normalize('NFC').replace(NO_FAULTS, ' is fine ');
  return rejects(text) || NEGATES.test(text) || SPACED.test(text) || /(?!\p{Script=Latin})\p{L}/u.test(text) || !KNOWN.test(text);
}
