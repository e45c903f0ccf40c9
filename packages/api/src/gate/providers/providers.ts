import { join } from 'node:path';
import {
  type Clock,
  type Config,
  isOwnModelServer,
  readTextFile,
  rememberSecret,
  type StatusReport,
  stampOf,
  type WorkspacePaths,
} from '@vivarium/core';
import { ModelNotAllowedError, ProviderError } from '../../errors/index.ts';
import { type ChatClient, shortHash } from '../client/adapter.ts';
import { openChatClient } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';
import { scriptedClient } from '../client/scripted.ts';
import type { Catalogue, Offer } from '../models/catalogue.ts';
import { findAddress } from './find-address.ts';
import { probeLocalServers } from './probe.ts';
import { reportOf, type StandingOf } from './provider-report.ts';

type Report = StatusReport['provider'];

/** A way to a model. */
export interface Provider {
  readonly name: 'groq' | 'openai' | 'local' | 'scripted';
  readonly client: ChatClient;
  readonly offer: Offer;
  /** Address and key, hashed: the same as long as calls go to the same place in the same name. */
  readonly route: string;
  /** Changes whenever anything about it does that could turn a refusal into an answer. */
  readonly fingerprint: string;
  readonly detail: string;
  /** What it calls the limit of output tokens. */
  readonly limit: Profile['limit'];
}

interface Route {
  readonly name: 'groq' | 'openai' | 'local' | 'scripted' | 'none';
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** How long a look for local servers, or for the models of one, stays good when it found nothing. */
const LOOK_AGAIN_MS = 3_000;
const LIST_AGAIN_MS = 30_000;
const HOW_TO = [
  'Set GROQ_API_KEY or OPENAI_API_KEY in .env, add a Groq key in the panel, or start a local server',
  '(Ollama, LM Studio, llama.cpp or vLLM); it is noticed by itself',
].join(' ');

export interface ProvidersDeps {
  readonly config: Pick<Config, 'provider' | 'groq' | 'openai'>;
  readonly paths: Pick<WorkspacePaths, 'security'>;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
}

/** Which way to a model is in force at this moment: configuration first, then what answers on this machine. */
export class Providers {
  readonly #deps: ProvidersDeps;
  readonly #keyFile: string;
  #fileKey: { stamp: string; key: string | undefined } = { stamp: '', key: undefined };
  #known: { route: string; provider: Provider } | undefined;
  #looking: Promise<Provider | undefined> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** By the address that a person gave: where an API answered under it. */
  readonly #foundAt = new Map<string, string>();
  /** The way that is known has to be looked at again before it is used. */
  #stale = false;
  /** Fingerprint of the provider that answered last. */
  #proven: string | undefined;

  constructor(deps: ProvidersDeps) {
    this.#deps = deps;
    this.#keyFile = join(deps.paths.security, 'groq_api_key.txt');
  }

  /** @throws ProviderError (absent), with the ways to get a model */
  async current(): Promise<Provider> {
    const route = this.#route();
    const found = this.#cached(route) ?? (await this.#look(route));
    // What a server lists is asked for again beside the calls: it may be slow to say, or never say.
    if (this.#isUnlisted()) this.#look(route).catch(() => undefined);
    if (found) return found;
    throw new ProviderError('absent', this.#absence().detail, { fix: HOW_TO });
  }

  /** A call was answered. */
  prove(provider: Provider): void {
    this.#proven = provider.fingerprint;
  }

  /** The server did not take the connection, or lacks a model that it had: look again before the next call. */
  lost(provider: Provider): void {
    if (provider.name === 'local' || provider.offer.free) this.#stale = true;
  }

  /** After an error, the provider as it is at this moment, when that may mend it: a model that its list did not have. */
  async again(provider: Provider, error: unknown): Promise<Provider | undefined> {
    if (!(error instanceof ModelNotAllowedError) || !provider.offer.free) return undefined;
    if (this.#deps.clock.monotonicMs() - this.#lookedAt < LOOK_AGAIN_MS) return undefined;
    this.#stale = true;
    const newer = await this.current();
    return newer.fingerprint === provider.fingerprint ? undefined : newer;
  }

  /**
   * What `/status` says. Never waits: it looks in the background and tells what it knows. `standingOf` tells what stands in
   * the way of the provider's default model.
   */
  report(standingOf: StandingOf): Report {
    const route = this.#route();
    const provider = this.#cached(route) ?? this.#knownFor(route);
    if (this.#stale || !provider) this.#look(route).catch(() => undefined);
    if (!provider) return this.#absence();
    const { name, offer, fingerprint } = provider;
    const default_model = name === 'scripted' ? 'scripted' : this.#deps.catalogue.defaultFor(offer);
    const ready = this.#proven === fingerprint || name === 'scripted' || name === 'local';
    return reportOf({ provider, default_model, ready, standing: standingOf(provider, default_model), clock: this.#deps.clock });
  }

  /** What is known without asking anybody: also a way that needs no asking. */
  #cached(route: Route): Provider | undefined {
    const known = this.#stale ? undefined : this.#knownFor(route);
    if (known) return known;
    const provider = this.#openAtOnce(route);
    if (provider) this.#keep(route, provider);
    return provider;
  }

  #knownFor(route: Route): Provider | undefined {
    return this.#known?.route === JSON.stringify(route) ? this.#known.provider : undefined;
  }

  /** A server that did not say what it has is asked again now and then. */
  #isUnlisted(): boolean {
    const offer = this.#known?.provider.offer;
    if (!offer?.free || offer.models !== undefined || this.#known?.provider.name !== 'openai') return false;
    return this.#deps.clock.monotonicMs() - this.#lookedAt >= LIST_AGAIN_MS;
  }

  #keep(route: Route, provider: Provider): void {
    this.#known = { route: JSON.stringify(route), provider };
    this.#stale = false;
  }

  #route(): Route {
    const { provider, groq, openai } = this.#deps.config;
    const groqKey = groq.apiKey ?? this.#keyFromFile();
    const hasOpenai = openai.apiKey !== undefined || openai.baseUrl !== undefined;
    if (provider === 'scripted' || provider === 'none' || provider === 'local') return { name: provider };
    if (provider === 'groq' || (provider === 'auto' && groqKey !== undefined))
      return groqKey === undefined ? { name: 'none' } : { name: 'groq', apiKey: groqKey, baseUrl: groq.baseUrl };
    if (hasOpenai) return { name: 'openai', apiKey: openai.apiKey, baseUrl: openai.baseUrl };
    return { name: provider === 'openai' ? 'none' : 'local' };
  }

  /** The key the panel keeps, read again whenever the file is another. */
  #keyFromFile(): string | undefined {
    const stamp = stampOf(this.#keyFile);
    if (stamp !== this.#fileKey.stamp) {
      const read = readTextFile(this.#keyFile);
      const key = read.kind === 'read' ? read.text.trim() || undefined : undefined;
      rememberSecret(key);
      this.#fileKey = { stamp, key };
    }
    return this.#fileKey.key;
  }

  async #look(route: Route): Promise<Provider | undefined> {
    if (route.name === 'none') return undefined;
    const now = this.#deps.clock.monotonicMs();
    if (route.name === 'local' && !this.#looking && now - this.#lookedAt < LOOK_AGAIN_MS) return undefined;
    this.#looking ??= this.#resolve(route).finally(() => {
      this.#looking = undefined;
      this.#lookedAt = this.#deps.clock.monotonicMs();
    });
    return this.#looking;
  }

  async #resolve(route: Route): Promise<Provider | undefined> {
    const provider = await this.#open(route);
    if (provider) this.#keep(route, provider);
    return provider;
  }

  #openAtOnce({ name, apiKey, baseUrl }: Route): Provider | undefined {
    if (name === 'scripted') {
      const offer = { name: 'local', free: true } as const;
      return this.#made({ name, client: scriptedClient, offer, secrets: name, detail: 'Scripted answers; no model is asked' });
    }
    if (name !== 'groq') return undefined;
    const client = openChatClient({ sdk: 'groq', apiKey: apiKey ?? '', baseUrl });
    const detail = `Groq at ${hostOf(baseUrl, 'api.groq.com')}`;
    return this.#made({ name, client, offer: { name, free: false }, secrets: `${baseUrl} ${apiKey}`, detail });
  }

  async #open(route: Route): Promise<Provider | undefined> {
    if (route.name === 'openai') return this.#openOpenai(route);
    const server = await probeLocalServers();
    if (!server) return undefined;
    const client = openChatClient({ sdk: 'openai', apiKey: 'local', baseUrl: server.baseUrl });
    const offer = { name: 'local', free: true, models: server.models } as const;
    const detail = `${server.kind} at ${hostOf(server.baseUrl, '')}`;
    return this.#made({ name: 'local', client, offer, secrets: server.baseUrl, detail });
  }

  async #openOpenai(route: Route): Promise<Provider> {
    const { apiKey, baseUrl: given } = route;
    if (given === undefined) {
      const client = openChatClient({ sdk: 'openai', apiKey: apiKey ?? 'none' });
      const offer = { name: 'openai', free: false } as const;
      const detail = 'OpenAI-compatible server at api.openai.com';
      return this.#made({ name: 'openai', client, offer, secrets: ` ${apiKey}`, detail, limit: 'max_completion_tokens' });
    }
    const found = await findAddress(given, apiKey);
    const former = this.#knownFor(route)?.offer.models;
    const baseUrl = found.baseUrl ?? this.#foundAt.get(given) ?? found.first;
    if (found.baseUrl !== undefined) this.#foundAt.set(given, found.baseUrl);
    const free = isOwnModelServer(given);
    const client = openChatClient({ sdk: 'openai', apiKey: apiKey ?? 'none', baseUrl });
    const models = free ? (found.models ?? former) : undefined;
    const moved =
      baseUrl === found.first ? '' : `; it answers at ${pathOf(baseUrl)}, not at ${pathOf(found.first)} as OPENAI_BASE_URL says`;
    const detail = `OpenAI-compatible server at ${hostOf(baseUrl, '')}${moved}`;
    return this.#made({ name: 'openai', client, offer: { name: 'openai', free, models }, secrets: `${given} ${apiKey}`, detail });
  }

  #made(parts: Omit<Provider, 'route' | 'fingerprint' | 'limit'> & { secrets: string; limit?: Provider['limit'] }): Provider {
    const { secrets, limit = 'max_tokens', ...rest } = parts;
    const { name, offer, detail } = rest;
    const route = shortHash(JSON.stringify([name, secrets]));
    const fingerprint = shortHash(JSON.stringify([route, detail, offer.models ?? [], this.#deps.catalogue.contents]));
    return { ...rest, route, fingerprint, limit };
  }

  #absence(): Report {
    const { provider } = this.#deps.config;
    const because = { groq: 'no GROQ_API_KEY is set', openai: 'neither OPENAI_API_KEY nor OPENAI_BASE_URL is set' };
    const reason = provider === 'groq' || provider === 'openai' ? because[provider] : undefined;
    const detail =
      provider === 'none'
        ? 'No model: VIVARIUM_PROVIDER is none'
        : `No model: ${reason ?? 'no key is set and no local model server answers'}`;
    const fix = provider === 'none' ? 'Set VIVARIUM_PROVIDER=auto and give it a key or a local server' : HOW_TO;
    return { name: 'none', state: 'absent', detail, fix, fingerprint: shortHash(JSON.stringify(['none', provider])) };
  }
}

/** The path of an address, for telling two of one host apart. */
const pathOf = (url: string): string => new URL(url).pathname;

function hostOf(url: string | undefined, fallback: string): string {
  return url && URL.canParse(url) ? new URL(url).host : fallback;
}
