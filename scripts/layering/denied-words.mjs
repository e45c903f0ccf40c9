/** Words that no person should meet in a message, a page or a document, each with what to say instead. */
export const DENIED_WORDS = [
  { word: /\bst(?:ands?|ood) already\b|\balready st(?:ands?|ood)\b/i, say: 'already exists' },
  { word: /\bst(?:ands?|ood) (?:twice|there|at|beside)\b/i, say: 'is given twice, was there, waits at' },
  { word: /\bnot to be had\b/i, say: 'unavailable' },
  { word: /\bhangs? there\b/i, say: 'created …' },
  { word: /\bnobody disputes\b/i, say: 'no disputes' },
  { word: /(?<!\bthere )\b(?:is|are) no (?!longer\b|more\b|less\b|one\b|reason\b)/i, say: 'is not a …, is not valid JSON' },
  { word: /\bworkers? died\b/i, say: 'workers exited' },
  { word: /\bcircles?\b/i, say: 'dependency cycle' },
  { word: /\bgo(?:es)? round\b/i, say: 'is tried again, form a cycle' },
];
