import { type Refused, refuse } from '@vivarium/core';
import type { ToolOffer } from '../gate/call/message.ts';
import type { Hands } from './hands.ts';
import type { ToolAnswer } from './kit.ts';
import { isForLeisure, offerOf, TOOLS } from './tools.ts';
import { IN_ORDER, isNamed, ON_DEMAND, TOPICS, topicOf } from './topics.ts';

/** What decides which tools a call starts with. */
export interface Need {
  /** Nobody asks for anything: all that can be done may be done. */
  readonly free_time: boolean;
  /** The task's own words; others' words in it count for nothing. */
  readonly prompt: string;
  /** It says which files it shall leave. */
  readonly leaves_files: boolean;
  /** Acts that have an occasion, the most pressing first. */
  readonly at_hand: readonly string[];
}

/** Bytes of a first offer, with which a call stays below 6 KB. What finds no room is had through `more_tools`. */
const FIRST_OFFER_BYTES = 3_000;
/** Only at their time: else each try would be refused. */
const OCCASIONAL = ['vote_gate', 'place_bid'];

/** The tools that a call starts with: the basics, what the task names, and what waits, as far as there is room. */
function firstTools({ free_time, prompt, leaves_files, at_hand }: Need): ReadonlySet<string> {
  if (free_time)
    return new Set(
      IN_ORDER.filter((name) => !['decline_task', 'more_tools'].includes(name)).filter(
        (name) => !OCCASIONAL.includes(name) || at_hand.includes(name),
      ),
    );
  const writes = leaves_files || /\S\.md\b/.test(prompt);
  const asked = [...(TOPICS['basics'] ?? []), ...(writes ? ['write_document'] : []), ...namedIn(prompt)];
  const tools = new Set(asked);
  let room = FIRST_OFFER_BYTES - [...tools].reduce((sum, name) => sum + sizeOf(name), 0);
  for (const name of at_hand) {
    if (tools.has(name) || sizeOf(name) > room) continue;
    tools.add(name);
    room -= sizeOf(name);
  }
  return tools;
}

/** Tools that a task calls by their names, then those of the topics it speaks of. */
function namedIn(prompt: string): readonly string[] {
  const words = [...new Set(prompt.toLowerCase().match(/[a-z]+(?:_[a-z]+)*/g))];
  const named = IN_ORDER.filter((name) => name.includes('_') && words.includes(name));
  const topics = ON_DEMAND.filter((topic) => words.some((word) => isNamed(topic, word)));
  return [...named, ...topics.flatMap((topic) => TOPICS[topic] ?? []).filter((name) => !isForLeisure(name))];
}

/** The tools of one cycle. They only become more, and only for the calls that follow. */
export class Offer {
  readonly #names: Set<string>;
  readonly #hands: Pick<Hands, 'offers' | 'state'> | undefined;

  constructor(need: Need, hands?: Pick<Hands, 'offers' | 'state'>) {
    this.#names = new Set(firstTools(need));
    this.#hands = hands;
  }

  get names(): readonly string[] {
    return this.#atWork ? this.tools.map(({ name }) => name) : this.#social;
  }

  /** With hands-on work: its own tools, until it is handed in. */
  get #atWork(): boolean {
    return this.#hands?.state === 'working';
  }

  get #social(): readonly string[] {
    return IN_ORDER.filter((name) => this.#names.has(name) && !(this.#hands && name === 'decline_task'));
  }

  /** The same as function tools, in a fixed order. */
  get tools(): readonly ToolOffer[] {
    const social = this.#atWork ? ['decline_task'] : this.#social;
    return [...(this.#atWork ? (this.#hands?.offers ?? []) : []), ...social.flatMap((name) => told(name) ?? [])];
  }

  /** Add the tools of a topic. */
  more(word: string): ToolAnswer {
    const topic = topicOf(word);
    const tools = topic === undefined ? undefined : TOPICS[topic];
    if (!tools) return refuse('unknown_topic', `Topics are: ${ON_DEMAND.join(', ')}`);
    for (const name of tools) this.#names.add(name);
    return { ok: true, topic, tools, from: 'your next answer on' };
  }
}

/** What a call of a tool that was not offered is told. */
export const notOffered = (name: string): Refused =>
  refuse('not_offered', `${name} is not offered here, so nothing was done; ask for it first: more_tools("${topicOf(name)}")`);

const OFFERS: ReadonlyMap<string, ToolOffer> = new Map([...TOOLS.values()].map((tool) => [tool.name, offerOf(tool)]));

function told(name: string): ToolOffer | undefined {
  const offer = OFFERS.get(name);
  if (!offer || name !== 'more_tools') return offer;
  return { ...offer, parameters: { ...offer.parameters, properties: { topic: { type: 'string', enum: ON_DEMAND } } } };
}

/** Of every tool as it is told: that stays the same from call to call. */
const SIZES: ReadonlyMap<string, number> = new Map([...OFFERS.keys()].map((name) => [name, JSON.stringify(told(name)).length]));
const sizeOf = (name: string): number => (SIZES.get(name) ?? 0) + 34;
