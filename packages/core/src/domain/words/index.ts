export { masked, quotedSpans, withoutQuotes } from './mask.ts';
export { type Sentence, sentencesOf } from './sentences.ts';
export { visible } from './visible.ts';
export { contentStems, isStopWord, jaccard, stem, wordsOf } from './words.ts';
