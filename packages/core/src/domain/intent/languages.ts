import { wordsOf } from '../words/index.ts';

const LANGUAGES = {
  English:
    'the of and to in is that it was for with as his on be at by this had not are but from or have an they which one you were all her she there',
  German:
    'der die das und ist nicht ein eine zu den mit von dem auf für im sich des sie wir ich es auch als an werden aus er hat dass bei oder sind',
  French:
    'le la les de des et est un une dans que qui pour pas sur au avec ce il sont par plus ne se du nous vous je elle mais ou cette',
  Spanish: 'el la los las de y es un una en que por con no para se del al lo como más su pero sus le ya o este sí porque esta',
  Italian: 'il lo la i gli le di e è un una in che per con non si del della al da sono come più ma anche nel questo alla',
  Dutch: 'de het een en van is dat niet in op te zijn voor met die ik je er aan ook als maar om hij wij naar bij of',
  Portuguese: 'o a os as de e é um uma em que para com não se do da no na por mais como mas ao dos das ele',
} as const;

export type Language = keyof typeof LANGUAGES;

const NAMES = Object.keys(LANGUAGES).filter((name): name is Language => name in LANGUAGES);
const FUNCTION_WORDS = new Map(NAMES.map((name) => [name, new Set(LANGUAGES[name].split(' '))]));
/** Fewer words than this say too little about their language. */
const MIN_WORDS = 12;
const CLEARLY_OTHER = 0.25;
const HARDLY_THERE = 0.1;

export const languageNamed = (word: string): Language | undefined =>
  NAMES.find((name) => name.toLowerCase() === word.toLowerCase());

/** The language a text is written in when that is clearly not the wanted one; undefined when in doubt. */
export function otherLanguage(text: string, wanted: Language): Language | undefined {
  const words = wordsOf(text.replace(/```[\s\S]*?```/g, ' '));
  if (words.length < MIN_WORDS) return undefined;
  const share = (name: Language) => words.filter((word) => FUNCTION_WORDS.get(name)?.has(word)).length / words.length;
  if (share(wanted) >= HARDLY_THERE) return undefined;
  return NAMES.filter((name) => name !== wanted).find((name) => share(name) >= CLEARLY_OTHER);
}
