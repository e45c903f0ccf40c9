import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { idFrom } from '../../economy/hash.ts';
import { Id, IdentityId, RESIDENT, subjectOn, Text, unknownIdentity } from '../kit/index.ts';
import { wordCount } from '../kit/text.ts';

const { action, on, subject } = subjectOn<WorkSlice>();

/** A creative work. Its text lies in the library as a document. */
export interface Work {
  readonly id: string;
  readonly title: string;
  readonly authors: readonly string[];
  readonly work_type: string;
  readonly path: string;
  readonly created_at: string;
  readonly word_count: number;
  readonly chapter: number | null;
  readonly series: string | null;
  readonly tags: readonly string[];
  readonly read_by: Set<string>;
  readonly reactions: Map<string, Set<string>>;
}

export interface WorkSlice {
  readonly works: Map<string, Work>;
}

const Publish = z.strictObject({
  title: Text(200),
  content: Text(100_000),
  work_type: z.enum(['story', 'poem', 'worldbuilding', 'philosophy', 'shared_universe', 'other']).default('other'),
  authors: z.array(IdentityId).max(10).default([]),
  chapter: z.int().positive().optional(),
  series: Text(120).optional(),
  tags: z.array(Text(40)).max(10).default([]),
});
const Published = z.object({
  id: Id,
  title: z.string(),
  authors: z.array(IdentityId),
  work_type: z.string(),
  path: z.string(),
  word_count: z.int(),
  chapter: z.int().nullable(),
  series: z.string().nullable(),
  tags: z.array(z.string()),
});
const One = z.strictObject({ work_id: Id });
const OfWork = z.object({ work_id: Id });
const React = z.strictObject({ work_id: Id, emoji: Text(16) });

const acts = {
  publish_work: action(
    RESIDENT,
    Publish,
    OfWork.extend({ path: z.string() }),
    (world, { content, authors, chapter, series, ...rest }, { actor, key, now }) => {
      const stranger = authors.find((id) => !world.identities.has(id));
      if (stranger !== undefined) return unknownIdentity(stranger);
      const id = idFrom('work', key);
      const path = `library/creative_works/${id}.md`;
      const head = { id, ...rest, authors: [...new Set([actor, ...authors])], path, word_count: wordCount(content) };
      const data = { ...head, chapter: chapter ?? null, series: series ?? null };
      const line = { id, path, created_at: now, content: `# ${rest.title}\n\n${content}\n` };
      const event = { kind: 'work_published', memo: rest.title, data, subjects: [] };
      return { ok: true, event, posts: [{ log: 'document', line }], answer: { work_id: id, path } };
    },
  ),
  read_work: action(RESIDENT, One, OfWork, (world, { work_id }, { actor }) => {
    if (!world.society.works.has(work_id)) return refuse('work_not_found', `There is no work ${work_id}`);
    return {
      ok: true,
      event: { kind: 'work_read', memo: work_id, data: { work_id, identity_id: actor }, subjects: [] },
      answer: { work_id },
    };
  }),
  react_work: action(RESIDENT, React, OfWork, (world, { work_id, emoji }, { actor }) => {
    if (!world.society.works.has(work_id)) return refuse('work_not_found', `There is no work ${work_id}`);
    const data = { work_id, emoji, identity_id: actor };
    return { ok: true, event: { kind: 'work_reacted', memo: emoji, data, subjects: [] }, answer: { work_id } };
  }),
};

const events = {
  work_published: on(Published, ({ works }, data, { timestamp }) => {
    works.set(data.id, { ...data, created_at: timestamp, read_by: new Set(), reactions: new Map() });
  }),
  work_read: on(
    One.extend({ identity_id: IdentityId }),
    ({ works }, { work_id, identity_id }) => void works.get(work_id)?.read_by.add(identity_id),
  ),
  work_reacted: on(React.extend({ identity_id: IdentityId }), ({ works }, { work_id, emoji, identity_id }) => {
    const reactions = works.get(work_id)?.reactions;
    if (reactions) reactions.set(emoji, (reactions.get(emoji) ?? new Set()).add(identity_id));
  }),
};

export const WORKS = subject({ name: 'works', empty: (): WorkSlice => ({ works: new Map() }), acts, events });
