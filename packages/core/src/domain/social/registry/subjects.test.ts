import { expect, it } from 'vitest';
import { type Evolve, stateless, subjectOn } from '../kit/index.ts';
import { ACTIONS, ACTS, type Society } from './subjects.ts';

it('takes no subject that looks at what no subject owns', () => {
  const { subject } = subjectOn<{ readonly lanterns: Map<string, number> }>();
  const events = { lit: ({ lanterns }: { readonly lanterns: Map<string, number> }) => void lanterns.clear() };
  const stray = subject({ name: 'stray', empty: stateless, acts: {}, events });
  // @ts-expect-error no subject owns lanterns
  const taken: Evolve<Society> = stray.events['lit'] ?? stateless;
  expect(taken).toBe(events.lit);
});

it('has each act once, under its name, for somebody, with what it takes and answers', () => {
  expect(ACTIONS.size).toBe(Object.keys(ACTS).length);
  for (const [name, { who, schema, answer }] of ACTIONS) {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(who.length, name).toBeGreaterThan(0);
    expect(schema.safeParse(undefined).success, name).toBe(false);
    expect(answer.safeParse('nothing').success, name).toBe(false);
  }
});
