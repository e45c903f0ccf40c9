import { LOGS } from '../../contract/names.ts';
import {
  judgeUses,
  mayMove,
  NO_USES,
  type SkillCounters,
  type SkillMover,
  type SkillStatus,
} from '../../domain/skills/lifecycle.ts';
import type { SkillManifest } from '../../domain/skills/manifest.ts';
import {
  applySkill,
  type SkillFold,
  SkillLogEntry,
  type SkillOrigin,
  type SkillStanding,
  type SkillUse,
  standingOf,
} from '../../domain/skills/record.ts';
import { InvalidInputError, TaskConflictError } from '../../errors/index.ts';
import type { Backend } from '../../ports/backend.ts';
import type { BadLine, SharedLog } from '../../ports/shared-log.ts';
import type { NewSkill, ScannedSkill, SkillFinding, SkillLibrary, SkillScan } from '../../ports/skill-library.ts';

/** One skill as it stands: what its file says and what its uses have shown. */
export interface SkillRecord extends SkillManifest, Omit<SkillStanding, 'versions'> {
  readonly id: string;
  readonly kind: SkillManifest['kind'];
  readonly name: string;
  readonly shipped: boolean;
  readonly folder: string;
  readonly file: string;
  /** The text below the front matter. */
  readonly body: string;
  /** Source of the entry module. */
  readonly code?: string;
  /** Of the version that lies in the library. */
  readonly counters: SkillCounters;
}

export interface SkillRegistryOptions {
  readonly backend: Pick<Backend, 'log' | 'skills' | 'clock'>;
  /** Root of the installation, whose `library/skills` ship with Vivarium. */
  readonly installation?: string;
  /** Names of the shipped skills, for a workspace that is the installation itself. */
  readonly shippedNames?: ReadonlySet<string>;
  /** Hears of every file that cannot be used, once per trouble. */
  readonly onFinding?: (finding: SkillFinding) => void;
}

/** Open the skills of the installation and of the workspace. Bad files are refused and reported; they never end the process. */
export async function openSkills(options: SkillRegistryOptions): Promise<SkillRegistry> {
  const registry = new SkillRegistry(options);
  await registry.open();
  return registry;
}

export class SkillRegistry {
  readonly #options: SkillRegistryOptions;
  readonly #library: SkillLibrary;
  readonly #fold: SkillFold = new Map();
  readonly #listeners = new Set<() => void>();
  readonly #stops: (() => void)[] = [];
  #log!: SharedLog<SkillLogEntry>;
  #scan: SkillScan = { skills: new Map(), findings: [] };
  #told = new Set<string>();
  #version = 0;

  constructor(options: SkillRegistryOptions) {
    this.#options = options;
    this.#library = options.backend.skills(options.installation);
  }

  async open(): Promise<void> {
    this.#log = await this.#options.backend.log<SkillLogEntry>(LOGS.skills, {
      parse: (value) => SkillLogEntry.parse(value),
      onRecord: ({ value }) => void applySkill(this.#fold, value),
    });
    this.refresh();
  }

  /** Changes whenever `list()` may give something else. */
  get version(): number {
    return this.#version;
  }

  get badLines(): readonly BadLine[] {
    return this.#log.badLines;
  }

  /** The files that cannot be used at this moment. */
  findings(): readonly SkillFinding[] {
    return this.#scan.findings;
  }

  list(): SkillRecord[] {
    return [...this.#scan.skills.values()].map((skill) => this.#record(skill)).sort((a, b) => a.name.localeCompare(b.name));
  }

  show(name: string): SkillRecord | undefined {
    const skill = this.#scan.skills.get(name);
    return skill ? this.#record(skill) : undefined;
  }

  /** Read changed files and what others logged. */
  refresh(): void {
    const before = this.#scan;
    const records = this.#log.refresh();
    this.#scan = this.#library.scan();
    const news = this.#scan.findings.filter((finding) => !this.#told.has(JSON.stringify(finding)));
    this.#told = new Set(this.#scan.findings.map((finding) => JSON.stringify(finding)));
    for (const finding of news) this.#options.onFinding?.(finding);
    if (records > 0 || news.length > 0 || !sameScan(before, this.#scan)) this.#changed();
  }

  /** Watch files and log until `close`; calls back after each change. */
  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#stops.length === 0) {
      this.#stops.push(
        this.#library.watch(() => this.refresh()),
        this.#log.follow(() => this.#changed()),
      );
    }
    return () => this.#listeners.delete(listener);
  }

  /** Copy a person's folder into the library as a candidate. @throws InvalidInputError, TaskConflictError */
  async addSkill(folder: string, origin: SkillOrigin = 'person'): Promise<SkillRecord> {
    const { manifest } = this.#library.check(folder);
    return this.#add(manifest.name, manifest.version, origin, () => this.#library.copy(folder));
  }

  /** Write a skill that the runtime drafted into the library as a candidate. @throws InvalidInputError, TaskConflictError */
  async addDraft(skill: NewSkill): Promise<SkillRecord> {
    const version = String(skill.manifest.version ?? '1.0.0');
    return this.#add(skill.manifest.name, version, 'runtime', () => this.#library.write(skill));
  }

  /**
   * Move a skill on its way, for a reason that is kept. A move that another process overtook changes nothing.
   * @throws InvalidInputError when there is no such skill or no such way, TaskConflictError when it moved meanwhile
   */
  async setStatus(name: string, to: SkillStatus, by: SkillMover, reason: string): Promise<SkillRecord> {
    await this.#log.catchUp();
    const record = this.#must(name);
    if (record.status === to) return record;
    const entry: SkillLogEntry = {
      event: 'skill_moved',
      timestamp: this.#now(),
      name,
      version: record.version,
      from: record.status,
      to,
      by,
      reason,
    };
    if (!mayMove(record.status, to, by)) {
      throw new InvalidInputError(`The skill ${name} cannot become ${to}`, [
        { field: 'status', message: `it is ${record.status}` },
      ]);
    }
    await this.#log.append([entry], { durable: true });
    this.#changed();
    const moved = this.#must(name);
    if (moved.status !== to)
      throw new TaskConflictError(`The skill ${name} became ${moved.status} meanwhile`, { fix: 'Look at it again' });
    return moved;
  }

  /** Log a use with its version and outcome; a later verdict on the same attempt replaces an earlier one. */
  async recordUse(use: SkillUse): Promise<void> {
    const entry: SkillLogEntry = { ...use, event: 'skill_used', timestamp: this.#now() };
    await this.#log.append([entry]);
    this.#changed();
  }

  /** Quarantine or retire every active skill whose measured uses say so. Returns those that moved. */
  async sweep(): Promise<SkillRecord[]> {
    const moved: SkillRecord[] = [];
    for (const skill of this.list()) {
      const decision = skill.status === 'active' ? judgeUses(skill.counters) : undefined;
      if (decision?.move !== undefined) moved.push(await this.setStatus(skill.name, decision.move, 'rules', decision.reason));
    }
    return moved;
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    this.#listeners.clear();
    await this.#log.close();
  }

  /** The log first: a folder without its line would count as placed by a person, and as active. */
  async #add(name: string, version: string, origin: SkillOrigin, write: () => unknown): Promise<SkillRecord> {
    await this.#log.catchUp();
    this.refresh();
    if (this.#scan.skills.has(name))
      throw new TaskConflictError(`There is a skill ${name} already`, { fix: 'Give it another name', data: { name } });
    await this.#log.append([{ event: 'skill_added', timestamp: this.#now(), name, version, origin, status: 'candidate' }], {
      durable: true,
    });
    write();
    this.refresh();
    return this.#must(name);
  }

  #record(skill: ScannedSkill): SkillRecord {
    const shipped = skill.shipped || (this.#options.shippedNames?.has(skill.manifest.name) ?? false);
    const { versions, ...standing } = standingOf(this.#fold, skill.manifest.name, shipped);
    const { manifest, body, folder, file, code } = skill;
    const counters = versions.get(manifest.version) ?? NO_USES;
    return {
      ...manifest,
      ...standing,
      id: manifest.name,
      body,
      folder,
      file,
      shipped,
      counters,
      ...(code === undefined ? {} : { code }),
    };
  }

  #must(name: string): SkillRecord {
    const record = this.show(name);
    if (record) return record;
    throw new InvalidInputError(
      'There is no such skill',
      [{ field: 'name', message: `no skill is called ${name}` }],
      'List them with: pnpm worker skill list',
    );
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  #now(): string {
    return this.#options.backend.clock.now().toISOString();
  }
}

function sameScan(a: SkillScan, b: SkillScan): boolean {
  if (a.skills.size !== b.skills.size || a.findings.length !== b.findings.length) return false;
  return [...a.skills].every(([name, skill]) => {
    const other = b.skills.get(name);
    return other !== undefined && other.manifest === skill.manifest && other.body === skill.body && other.code === skill.code;
  });
}
