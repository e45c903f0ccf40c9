import { ACTIONS } from '@vivarium/core';
import { z } from 'zod';
import type { Tool } from './tools.ts';

const said = { kind: 'seen', speech: true } as const;
const done = { kind: 'act', speech: false } as const;

/**
 * What residents are offered in their free time; beside a task they have to ask for it, else it would only cost tokens. The
 * society's own rules check the arguments.
 */
const ABOUT: Readonly<Record<string, Pick<Tool, 'kind' | 'speech' | 'about'>>> = {
  thank: { ...said, kind: 'act', about: 'Thank a resident; free.' },
  send_invite: { ...said, kind: 'act', about: 'Invite a resident to do something together.' },
  answer_invite: { ...done, about: 'Answer an invitation.' },
  publish_work: { ...said, about: 'Publish a creative work in the library.' },
  read_work: { ...done, about: 'Note that you read a work.' },
  react_work: { ...done, about: 'React to a work.' },
  create_pool: { ...done, about: 'Open a pool that everybody may give to and draw from.' },
  draw_pool: { ...done, about: 'Draw from a pool, at most 50 tokens.' },
  contribute_treasury: { ...done, about: 'Give tokens to the treasury of your guild.' },
  vote_treasury: { ...done, about: 'Vote on what your guild wishes to spend.' },
  create_bounty: { ...said, about: 'Offer a bounty from your own tokens, which wait in escrow.' },
  complete_bounty: { ...done, about: 'Pay a bounty of your own for what was handed in.' },
  top_up_bounty: { ...done, about: 'Pay tokens of your own into the escrow of a bounty.' },
  cancel_bounty: { ...done, about: 'Take a bounty of your own back.' },
  make_hat: { ...said, about: 'Design a hat: a way of working, never another self.' },
  create_identity: { ...said, about: 'Bring a new resident to life, unlike all who are here.' },
};

const AnyArgs = z.record(z.string(), z.unknown());

export const LEISURE_TOOLS: readonly Tool[] = Object.entries(ABOUT).map(([name, about]) => ({ name, ...about, schema: AnyArgs }));

/** The arguments as a model is told them. */
export const leisureSchema = (name: string): z.ZodType => ACTIONS.get(name)?.schema ?? AnyArgs;

export const isForLeisure = (name: string): boolean => Object.hasOwn(ABOUT, name);
