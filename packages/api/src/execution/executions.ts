import { createHash } from 'node:crypto';
import {
  type Artifacts,
  type Backend,
  type CycleRequest,
  CycleResult,
  ENOUGH_TOKENS,
  LOGS,
  type NewArtifact,
  type SharedLog,
} from '@vivarium/core';
import { z } from 'zod';
import { KeyConflictError } from '../errors/index.ts';

/** One line of `.swarm/executions.jsonl`: an answer that was delivered, under its execution key. */
const StoredExecution = z.object({
  execution_key: z.string(),
  body: z.string().describe('hash of what was asked'),
  result: CycleResult,
  charge: z.object({ call_id: z.string(), cost_usd: z.number() }).optional(),
  stored_at: z.string(),
  boot: z.string().optional().describe('which boot of the machine; on the first answers of each'),
});
type StoredExecution = z.infer<typeof StoredExecution>;

const Saved = z.object({ entries: z.array(z.tuple([z.string(), z.number(), z.string()])), boot: z.string().optional() });
const SNAPSHOT_VERSION = 2;
/** Written bytes reach the disk within half a minute; outputs this much older than the last one are there. */
const YOUNG_MS = 120_000;
/** Charges of this many last answers are kept at hand, to settle them after a crash. */
const KEPT_CHARGES = 2_000;

interface Entry {
  readonly position: number;
  readonly body: string;
}

/** What one run gave, before any of it is kept. */
export interface Answer {
  readonly result: CycleResult;
  readonly artifact: NewArtifact;
  readonly charge?: { readonly call_id: string; readonly cost_usd: number };
  /** Resolves once its cost is on disk. */
  readonly settled?: Promise<void>;
  /** It ends no execution: whoever asks next under the key has it run anew. */
  readonly passing?: boolean;
}

interface OpenOptions {
  readonly boot?: string;
  readonly onLost?: (artifact_id: string, error: unknown) => void;
}

interface Unsaved {
  readonly body: string;
  readonly answer: Answer;
  /** The record's way to the disk, unless the disk refused it. */
  recorded?: Promise<unknown> | undefined;
}

/**
 * Delivered answers by execution key, so that none is bought or done twice: a repeat joins the running call, or gets the
 * stored result. Only positions are kept in memory; results are read back when they are asked for.
 */
export class Executions {
  readonly #index = new Map<string, Entry>();
  readonly #charges = new Map<string, number>();
  readonly #running = new Map<string, { body: string; answer: Promise<CycleResult> }>();
  /** Answers the disk refused. They are tried again when it takes others or somebody asks for them, and not bought again. */
  readonly #unsaved = new Map<string, Unsaved>();
  readonly #artifacts: Artifacts;
  readonly #boot: string;
  /** The boot of the last answer. */
  #lastBoot: string | undefined;
  #log!: SharedLog<StoredExecution>;

  private constructor(artifacts: Artifacts, boot: string) {
    this.#artifacts = artifacts;
    this.#boot = boot;
  }

  /**
   * Outputs that a power cut took are written again; `onLost` hears of those that the disk refuses. `boot` is this boot of
   * the machine unless a test says otherwise.
   */
  static async open(
    backend: Pick<Backend, 'log' | 'presence'>,
    artifacts: Artifacts,
    { boot = backend.presence.self().boot_id, onLost = () => undefined }: OpenOptions = {},
  ): Promise<Executions> {
    const executions = new Executions(artifacts, boot);
    executions.#log = await backend.log<StoredExecution>(LOGS.executions, {
      parse: (value) => StoredExecution.parse(value),
      onRecord: ({ position, value }) => executions.#onRecord(position, value),
      snapshot: {
        version: SNAPSHOT_VERSION,
        save: () => Buffer.from(JSON.stringify(executions.#save())),
        load: (state) => executions.#load(Saved.parse(JSON.parse(state.toString('utf8')))),
      },
    });
    if (executions.#lastBoot !== undefined && executions.#lastBoot !== boot) await executions.#restoreYoung(onLost);
    return executions;
  }

  /** True costs of the last stored answers, by call: what a crash may have left unsettled. */
  get charges(): ReadonlyMap<string, number> {
    return this.#charges;
  }

  /**
   * Run once per key. `ran` says whether `run` was called for this very caller. A run that throws leaves no trace: the
   * next one with its key may try again. @throws KeyConflictError
   */
  async once(key: string, request: CycleRequest, run: () => Promise<Answer>): Promise<{ result: CycleResult; ran: boolean }> {
    const body = bodyHash(request);
    const running = this.#running.get(key);
    if (running && running.body !== body) throw new KeyConflictError(key);
    if (running) return { result: await running.answer, ran: false };
    let ran = false;
    const begun = () => {
      ran = true;
      return run();
    };
    // Nothing may be awaited up to here: a second caller has to find this one.
    const answer = this.#answer(key, body, begun).finally(() => this.#running.delete(key));
    this.#running.set(key, { body, answer });
    return { result: await answer, ran };
  }

  async #answer(key: string, body: string, run: () => Promise<Answer>): Promise<CycleResult> {
    // A key that is only not seen yet would be paid for twice.
    await this.#log.catchUp();
    const standing = this.#find(key, body);
    if (standing) return standing;
    const answer = await run();
    return answer.passing ? this.keep(answer) : this.#store(key, { body, answer });
  }

  /** Keep the output of a run that has no record: it had no key, or ended no execution. */
  async keep({ result, artifact, settled }: Answer): Promise<CycleResult> {
    await Promise.all([this.#artifacts.put(artifact), settled]);
    return result;
  }

  async close(): Promise<void> {
    await this.#recordRefused();
    await this.#log.close();
  }

  /** The answer that stands under a key, or the one the disk refused, kept at last. */
  #find(key: string, body: string): Promise<CycleResult> | undefined {
    const unsaved = this.#unsaved.get(key);
    if (unsaved && unsaved.body !== body) throw new KeyConflictError(key);
    if (unsaved) return this.#store(key, unsaved);
    const entry = this.#index.get(key);
    if (!entry) return undefined;
    if (entry.body !== body) throw new KeyConflictError(key);
    const [stored] = this.#log.read([entry.position]);
    return stored && this.#restoreArtifact(stored.result).then(() => stored.result);
  }

  /** The machine was booted since: of the last outputs, those that are gone or damaged are written again, newest first. */
  async #restoreYoung(onLost: NonNullable<OpenOptions['onLost']>): Promise<void> {
    const seen = new Set<string | undefined>();
    let newest: number | undefined;
    for (const { position } of [...this.#index.values()].reverse()) {
      const [stored] = this.#log.read([position]);
      if (!stored) return;
      const at = Date.parse(stored.stored_at);
      newest ??= at;
      if (newest - at > YOUNG_MS) return;
      const { artifact_id } = stored.result;
      // A later answer under the same name has replaced this one.
      if (seen.has(artifact_id)) continue;
      seen.add(artifact_id);
      await this.#restoreArtifact(stored.result).catch((error: unknown) => onLost(artifact_id ?? '', error));
    }
  }

  /** The record outlives a crash that lost or cut the file beside it: write the output again. */
  async #restoreArtifact({ artifact_id, output, result, truncated }: CycleResult): Promise<void> {
    const [task_id, attempt, name] = artifact_id?.split('/') ?? [];
    const bytes = Buffer.from(output ?? result);
    if (!task_id || !attempt || !name || truncated) return;
    const standing = (await this.#artifacts.find(`${task_id}/${attempt}/${name}`))?.bytes;
    // A longer one is what a worker made of it and of other answers.
    if (standing && (standing.length > bytes.length || standing.equals(bytes))) return;
    await this.#artifacts.put({ task_id, attempt: Number(attempt), name, bytes, durable: true });
  }

  /** Output, record and cost are written side by side; the answer is told when the record and the cost are on the disk. */
  async #store(key: string, unsaved: Unsaved): Promise<CycleResult> {
    const { result, artifact, settled } = unsaved.answer;
    this.#unsaved.set(key, unsaved);
    await Promise.all([
      this.#record(key, unsaved),
      this.#artifacts.put(this.#boot === '' ? { ...artifact, durable: true } : artifact),
      settled,
    ]);
    this.#unsaved.delete(key);
    void this.#recordRefused();
    return result;
  }

  /** On its way once, and again only when the disk refused it. */
  #record(key: string, unsaved: Unsaved): Promise<unknown> {
    const { body, answer } = unsaved;
    const { result, charge } = answer;
    const boot = this.#lastBoot === this.#boot ? {} : { boot: this.#boot };
    const record = { execution_key: key, body, result, stored_at: new Date().toISOString(), ...boot };
    unsaved.recorded ??= this.#log.append([charge ? { ...record, charge } : record], { durable: true }).catch((cause) => {
      unsaved.recorded = undefined;
      throw cause;
    });
    return unsaved.recorded;
  }

  /**
   * The disk may take again what it refused. Nobody may ever ask for these answers, and they are paid. Their outputs are
   * written from the record when somebody does ask.
   */
  async #recordRefused(): Promise<void> {
    const refused = [...this.#unsaved].filter(([, { recorded }]) => recorded === undefined);
    const kept = refused.map(([key, unsaved]) => this.#record(key, unsaved).then(() => this.#unsaved.delete(key)));
    await Promise.allSettled(kept);
  }

  /** The first answer under a key is the answer. */
  #onRecord(position: number, { execution_key, body, charge, boot }: StoredExecution): void {
    if (boot !== undefined) this.#lastBoot = boot;
    if (charge) this.#charges.set(charge.call_id, charge.cost_usd);
    for (const oldest of this.#charges.keys()) {
      if (this.#charges.size <= KEPT_CHARGES) break;
      this.#charges.delete(oldest);
    }
    if (!this.#index.has(execution_key)) this.#index.set(execution_key, { position, body });
  }

  #save(): z.infer<typeof Saved> {
    const entries = [...this.#index].map(([key, { position, body }]): [string, number, string] => [key, position, body]);
    return { entries, ...(this.#lastBoot === undefined ? {} : { boot: this.#lastBoot }) };
  }

  #load({ entries, boot }: z.infer<typeof Saved>): void {
    this.#lastBoot = boot;
    for (const [key, position, body] of entries) this.#index.set(key, { position, body });
  }
}

/**
 * What makes two requests the same work: what is asked, of whom, with which limits on the answer. Who carries it out, how
 * long it may take, what it may cost and the context that grows meanwhile may differ between an attempt and its
 * resumption by another worker.
 */
function bodyHash(request: CycleRequest): string {
  const { prompt, task, mode, model, max_tokens = ENOUGH_TOKENS, temperature, task_id, skill, answer_schema, purpose } = request;
  const asked = [prompt, task, mode, model, max_tokens, temperature, task_id, skill, answer_schema, purpose];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 24);
}
