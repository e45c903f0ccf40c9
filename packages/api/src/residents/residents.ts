import { createHash } from 'node:crypto';
import {
  type Audit,
  asRuntime,
  attemptOf,
  type CycleRequest,
  declaredPaths,
  ENOUGH_TOKENS,
  type GateStore,
  type HandedIn,
  LINES,
  LOGS,
  type Logger,
  openAudit,
  RateLimit,
  type SocietyStore,
  Taint,
  type TaskRecord,
  type TaskStore,
  type World,
} from '@vivarium/core';
import { ulid } from 'ulid';
import { BudgetExceededError } from '../errors/index.ts';
import type { GateAnswer, GateCall } from '../gate/call/gate-call.ts';
import type { ModelGate } from '../gate/gate.ts';
import type { Denied } from '../local/denied.ts';
import { Acting, type ActingDeps } from './acting.ts';
import { type Woken, wakeUpContext } from './context.ts';
import { Documents } from './documents.ts';
import { Effects } from './effects.ts';
import type { Hands } from './hands.ts';
import { type LoopAnswer, runLoop } from './loop.ts';
import { Offer } from './offer.ts';
import type { Steps } from './steps.ts';

export interface ResidentsDeps {
  readonly world: World;
  readonly store: TaskStore;
  readonly steps: Steps;
  readonly denied: Denied;
  readonly log: Logger;
}

/** What a cycle of a resident gave; `declined` gives the task back. */
export type ResidentAnswer = (GateAnswer | LoopAnswer) & {
  readonly declined?: { identity_id: string; reason: string };
  /** Paths of documents that it wrote, or writes once the work is approved. */
  readonly wrote?: readonly string[];
  /** Ids of the memories about such work that it was shown. */
  readonly memories?: readonly string[];
  /** The change that hands-on work handed in. */
  readonly change?: HandedIn;
};

interface Opened {
  readonly society: SocietyStore;
  readonly documents: Documents;
  readonly gates: GateStore;
  readonly effects: Effects;
  readonly audit: Audit;
  readonly limit: RateLimit;
}

/** What a resident is about to do in a cycle. */
interface Deed {
  readonly request: CycleRequest;
  readonly identity_id: string;
  readonly prompt: string;
  readonly woken: Woken;
  readonly record: TaskRecord | undefined;
  readonly declared: readonly string[];
  readonly offer: Offer;
  readonly hands: Hands | undefined;
}

/** Residents at work: who they are goes into the call, and what they ask for is done. Opened when the first one comes. */
export class Residents {
  readonly #deps: ResidentsDeps;
  #opening: Promise<Opened> | undefined;

  constructor(deps: ResidentsDeps) {
    this.#deps = deps;
    this.#doWhatWaits().catch((err: unknown) => deps.log.error({ err }, 'the society cannot be opened'));
  }

  /**
   * The call as this resident makes it, or the plain call when nobody of that name lives here or money does not reach for more.
   * With hands-on work the society's acts come once that is handed in.
   * @throws whatever the gate throws
   */
  async run(
    request: CycleRequest,
    prompt: string,
    call: GateCall,
    gate: ModelGate,
    signal: AbortSignal,
    hands?: Hands,
  ): Promise<ResidentAnswer> {
    const { identity_id, purpose } = request;
    const free_time = purpose === 'free_time';
    if ((purpose !== 'task' && !free_time && !hands) || identity_id === undefined) return gate.call(call, signal);
    const opened = await this.#open();
    await opened.society.refresh();
    if (!opened.society.world.identities.has(identity_id)) return gate.call(call, signal);
    const acts = hands !== undefined || request.answer_schema === undefined;
    opened.gates.refresh();
    const at_work = hands !== undefined;
    const woken = await wakeUpContext(opened, { identity_id, about: prompt, acts, free_time, at_work });
    const record = this.#recordOf(request.task_id);
    const declared = record ? declaredPaths(record.task) : [];
    const { at_hand } = woken;
    const need = { free_time, prompt: prompt.replace(FENCED, ' '), leaves_files: declared.length > 0, at_hand };
    const offer = new Offer(need, hands);
    const full = { ...call, messages: withContext(call, woken, hands), ...(acts ? { tools: offer.tools } : {}) };
    if (hands)
      return this.#act(opened, { request, identity_id, prompt, woken, record, declared, offer, hands }, full, gate, signal);
    if (!(await gate.affords(full))) return gate.call(call, signal);
    try {
      const { memories } = woken;
      if (!acts) return { ...(await gate.call(full, signal)), memories };
      const about = { request, identity_id, prompt, woken, record, declared, offer, hands };
      const answer = await this.#act(opened, about, full, gate, signal);
      return { ...answer, memories };
    } catch (error) {
      if (error instanceof BudgetExceededError) return gate.call(call, signal);
      throw error;
    }
  }

  async close(): Promise<void> {
    const opened = await this.#opening?.catch(() => undefined);
    if (!opened) return;
    await opened.effects.close();
    await opened.documents.close();
    opened.audit.close();
  }

  async #act(opened: Opened, about: Deed, call: GateCall, gate: ModelGate, signal: AbortSignal): Promise<ResidentAnswer> {
    const { identity_id, prompt, request, woken, record, declared, offer, hands } = about;
    const { task_id } = request;
    const key = request.execution_key ?? ulid();
    const taint = taintFor(prompt, woken);
    const acting = new Acting(this.#actingDeps(opened), {
      identity_id,
      task_id,
      taint,
      defers: record !== undefined,
      declared,
      offer,
      hands,
    });
    const id = `${key} ${identity_id} ${bodyOf(request)}`;
    const answer = await runLoop(
      { gate, steps: this.#deps.steps, clock: this.#deps.world.clock },
      { id, key, acting, offer, call, signal, hands },
    );
    const declined = acting.declined === undefined ? {} : { declined: { identity_id, reason: acting.declined } };
    if (record && task_id !== undefined) {
      const acts = acting.declined === undefined ? acting.deferred : [];
      const attempt = attemptOf(request.execution_key, task_id) || record.attempt;
      await opened.effects.plan({ execution_key: key, task_id, attempt, identity_id, acts: [...acts] });
    }
    if (acting.declined === undefined) await markRead(opened.society, identity_id, woken, key);
    const wrote = acting.wrote.size > 0 ? { wrote: [...acting.wrote] } : {};
    const change = hands?.handed_in ? { change: hands.handed_in } : {};
    return { ...answer, text: concluded(answer.text, hands), ...change, ...wrote, ...declined };
  }

  #recordOf(task_id: string | undefined): TaskRecord | undefined {
    if (task_id === undefined) return undefined;
    this.#deps.store.refresh();
    return this.#deps.store.get(task_id);
  }

  #actingDeps({ society, documents, audit, limit }: Opened): ActingDeps {
    const { world, denied } = this.#deps;
    const note: ActingDeps['note'] = (actor, action, answer) =>
      world.activity.note({
        actor,
        action_type: 'TOOL',
        action,
        detail: answer.ok ? '' : `refused: ${answer.reason}`,
        metadata: { ...answer },
      });
    return { world, society, documents, audit, limit, denied, note };
  }

  #open(): Promise<Opened> {
    this.#opening ??= this.#openAll().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Effects that a former process left wait for verdicts, whether a resident comes or not. */
  async #doWhatWaits(): Promise<void> {
    if (await this.#deps.world.backend.hasLog(LOGS.effects)) await this.#open();
  }

  async #openAll(): Promise<Opened> {
    const { world, store, log } = this.#deps;
    const { backend, paths } = world;
    const [society, gates, documents] = await Promise.all([world.society(), world.gates(), Documents.open(backend, paths)]);
    const effects = await Effects.open(backend, { world, society, documents, store, log });
    const audit = openAudit(backend, LINES.actionsAudit);
    return { society, documents, gates, effects, audit, limit: new RateLimit() };
  }
}

/**
 * What stays the same comes first, so that providers can keep it: who it is, then what the task brings, then the day. The
 * task's own prompt stays the last word.
 */
function withContext({ messages }: GateCall, { who, today }: Woken, hands?: Hands): GateCall['messages'] {
  const before = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const rest = messages.filter(({ role }) => role !== 'system');
  return [{ role: 'system', content: [who, hands?.system, ...before, today].filter(Boolean).join('\n\n') }, ...rest];
}

/** The model's last words, and what really came of the work. */
const concluded = (text: string, hands: Hands | undefined): string =>
  [text, hands?.conclusion()].filter((part) => part !== undefined && part.trim() !== '').join('\n\n');

const FENCED = /<<<untrusted origin="([^"\n]*)"[^\n]*\n([\s\S]*?)\n>>>end of untrusted text/g;

/** The task is the person's wish, except for what stands between fences in it. */
function taintFor(prompt: string, woken: Woken): Taint {
  const taint = new Taint(prompt.replace(FENCED, ' '));
  taint.add(...woken.sources);
  for (const [, origin = '', text = ''] of prompt.matchAll(FENCED)) taint.add({ origin, text });
  return taint;
}

/** Mail that was shown counts as read; what found no room, or came meanwhile, does not. */
async function markRead(society: SocietyStore, identity_id: string, { letters }: Woken, key: string): Promise<void> {
  if (letters.length === 0) return;
  await society.act(asRuntime, 'read_mail', { identity_id, letter_ids: letters }, { execution_key: `${key}/mail` });
}

/** Another body under the same key is another cycle. */
function bodyOf({ prompt, model, max_tokens = ENOUGH_TOKENS, temperature }: CycleRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([prompt, model, max_tokens, temperature]))
    .digest('hex')
    .slice(0, 16);
}
