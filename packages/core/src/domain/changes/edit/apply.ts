import { type Refused, refuse } from '../../../contract/refusals.ts';
import { type Candidate, exactly, nearly } from './candidates.ts';
import { nearestPlaces } from './nearest-places.ts';
import { plainText, replaced, sourceText } from './source-text.ts';

/** One piece of text to be replaced; `times` says how often it stands there, `near_line` which of several is meant. */
export interface Edit {
  readonly old: string;
  readonly new: string;
  readonly times?: number | undefined;
  readonly near_line?: number | undefined;
}

export type Edited = { readonly ok: true; readonly text: string } | Refused;

type Located = { readonly ok: true; readonly at: readonly Candidate[] } | Refused;

const SHOWN_LINES = 20;

/**
 * Every edit made in a text, or none. Each is sought in the text as it was read, so that lines keep their numbers: first as
 * it stands, then but for blanks at the ends of lines and one shift of indentation. A place that is not clear is refused.
 */
export function editText(original: string, edits: readonly Edit[]): Edited {
  const source = sourceText(original);
  const places: Candidate[] = [];
  for (const [index, edit] of edits.entries()) {
    const located = locate(source.text, edit, edits.length > 1 ? `edits[${index}]: ` : '');
    if (!located.ok) return located;
    places.push(...located.at);
  }
  const crossed = overlapOf(places);
  if (crossed)
    return refuse(
      'edit_overlap',
      `Two edits replace the same text at line ${lineAt(source.text, crossed.from)}; join them into one`,
    );
  const text = replaced(source, places);
  if (text === original) return refuse('edit_changes_nothing', 'The text would be what it is; say what shall be there instead');
  return { ok: true, text };
}

function locate(text: string, edit: Edit, which: string): Located {
  const old = plainText(edit.old);
  const by = plainText(edit.new);
  if (old === '') return refuse('edit_no_match', `${which}"old" is empty; copy the lines that are to be replaced`);
  if (/\p{Surrogate}/u.test(old + by))
    return refuse('edit_no_match', `${which}the text holds half a character; copy whole lines as read_file shows them`);
  const exact = exactly(text, old, by);
  const found = exact.length > 0 ? exact : nearly(text, old, by);
  const { times = 1, near_line } = edit;
  if (found.length === 0) return notFound(text, old, which);
  if (times === 1 && found.length > 1 && near_line !== undefined) return nearestTo(text, found, near_line, which);
  return found.length === times && !overlapOf(found) ? { ok: true, at: found } : ambiguous(text, found, times, which);
}

function nearestTo(text: string, found: readonly Candidate[], line: number, which: string): Located {
  const far = ({ from, to }: Candidate) => {
    const first = lineAt(text, from);
    const last = lineAt(text, Math.max(from, to - 1));
    return line < first ? first - line : Math.max(0, line - last);
  };
  const [first, second] = [...found].sort((a, b) => far(a) - far(b));
  if (!first || (second && far(first) === far(second))) return ambiguous(text, found, 1, which);
  return { ok: true, at: [first] };
}

function ambiguous(text: string, found: readonly Candidate[], times: number, which: string): Refused {
  const lines = found.slice(0, SHOWN_LINES).map(({ from }) => lineAt(text, from));
  const more = found.length > lines.length ? `, and ${found.length - lines.length} more` : '';
  const at = `It is found at ${lines.length > 1 ? 'lines' : 'line'} ${lines.join(', ')}${more}`;
  const help =
    times === 1
      ? `take more of the lines around it into "old", or give near_line, or times: ${found.length} for all`
      : `"times" is ${times}; it is found ${found.length} times`;
  return refuse('edit_ambiguous', `${which}${at}; ${help}`);
}

function notFound(text: string, old: string, which: string): Refused {
  const near = nearestPlaces(text, old);
  const help = near.length > 0 ? `The nearest places: ${near.join(' · ')}` : 'Nothing in the file is like it';
  return refuse('edit_no_match', `${which}"old" is not found in the file. ${help}. Read the lines again and copy them`);
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** A place that begins before the one before it ends. */
function overlapOf(places: readonly Candidate[]): Candidate | undefined {
  const inOrder = [...places].sort((a, b) => a.from - b.from);
  return inOrder.find(({ from }, index) => index > 0 && from < (inOrder[index - 1]?.to ?? 0));
}
