import type { FormEvent } from 'react';
import { Mark } from '../../parts/mark.tsx';
import { Markdown } from '../../parts/markdown.tsx';
import { useDraft } from '../../state/draft.ts';
import { localTime } from '../../state/format.ts';
import { attempt } from '../../state/notices.ts';
import { society } from '../../state/society-api.ts';
import { type Item, readWaitingAgain } from '../../state/waiting.ts';
import { useFocusOn } from './use-focus-on.ts';

const NO_REPLY = { reply: '' };

/** A resident's message with the reply to it. */
export function LetterItem({ item: { letter }, replying }: { item: Extract<Item, { kind: 'letter' }>; replying: number }) {
  const [draft, change, clear] = useDraft(`reply_${letter.id}`, NO_REPLY);
  const field = useFocusOn(replying);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (draft.reply.trim() === '') return field.current?.focus();
    if (!(await attempt(() => society.reply(letter.id, draft.reply), `Answered ${letter.from_name}`))) return;
    clear();
    readWaitingAgain();
  };
  return (
    <>
      <header className="flex items-center gap-2.5 border-b border-line px-4 py-3">
        <Mark name={letter.from_id} size={24} />
        <h2 className="text-[15px] font-semibold">{letter.from_name}</h2>
        <span className="rounded-full bg-leafbg px-2 text-[12px] capitalize text-leaf">{letter.type}</span>
        <time dateTime={letter.timestamp} className="ml-auto text-[12.5px] text-dim">
          {localTime(letter.timestamp)}
        </time>
      </header>
      <div className="px-4 py-3">
        <Markdown text={letter.content} />
      </div>
      <form onSubmit={send} className="flex flex-col gap-2 border-t border-line bg-bg/60 px-4 py-3">
        <label className="text-[12.5px] font-medium" htmlFor="reply">
          Reply
        </label>
        <textarea
          id="reply"
          ref={field}
          rows={3}
          className="field"
          value={draft.reply}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          onChange={(event) => change({ reply: event.target.value })}
        />
        <button type="submit" className="btn btn-go self-start">
          Reply
        </button>
      </form>
    </>
  );
}
