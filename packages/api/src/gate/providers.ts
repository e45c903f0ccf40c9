import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, type Config, rememberSecret, type StatusReport, type WorkspacePaths } from '@vivarium/core';
import { ProviderError } from '../errors.ts';
import { type ChatClient, openChatClient, shortHash } from './adapter.ts';
import type { Catalogue, Offer } from './catalogue.ts';
import { isLoopback, listModels, probeLocalServers } from './probe.ts';
import { scriptedClient } from './scripted.ts';

type Report = StatusReport['provider'];

/** A way to a model. `fingerprint` changes whenever anything about it does that could turn a refusal into an answer. */
export interface Provider {
  readonly name: 'groq' | 'openai' | 'local' | 'scripted';
  readonly client: ChatClient;
  readonly offer: Offer;
  readonly fingerprint: string;
  readonly detail: string;
}

interface Route {
  readonly name: 'groq' | 'openai' | 'local' | 'scripted' | 'none';
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** How long a look for local servers, or for the models of one, stays good when it found nothing. */
const LOOK_AGAIN_MS = 3_000;
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
  #proven: { fingerprint: string; fault?: { detail: string; fix: string | undefined } } | undefined;

  constructor(deps: ProvidersDeps) {
    this.#deps = deps;
    this.#keyFile = join(deps.paths.security, 'groq_api_key.txt');
  }

  /** @throws ProviderError (absent), with the ways to get a model */
  async current(): Promise<Provider> {
    const route = this.#route();
    const found = this.#cached(route) ?? (await this.#look(route));
    if (found) return found;
    throw new ProviderError('absent', this.#absence().detail, { fix: HOW_TO });
  }

  /** A call was answered, or refused in a way that only a person can change. */
  prove(provider: Provider, fault?: { detail: string; fix: string | undefined }): void {
    this.#proven = { fingerprint: provider.fingerprint, ...(fault ? { fault } : {}) };
  }

  /** The server did not take the connection: look again before the next call. */
  lost(provider: Provider): void {
    if (provider.name === 'local' || provider.offer.free) this.#known = undefined;
  }

  /** What `/status` says. Never waits: it looks in the background and tells what it knows. */
  report(): Report {
    const route = this.#route();
    const provider = this.#cached(route);
    if (!provider) {
      if (route.name !== 'none') this.#look(route).catch(() => undefined);
      return this.#absence();
    }
    const { name, detail, fingerprint, offer } = provider;
    const default_model = name === 'scripted' ? 'scripted' : this.#deps.catalogue.defaultFor(offer);
    const shown = { name, fingerprint, ...(default_model === undefined ? {} : { default_model }) };
    const proven = this.#proven?.fingerprint === fingerprint ? this.#proven : undefined;
    if (proven?.fault) {
      const { detail: fault, fix } = proven.fault;
      return { ...shown, state: 'misconfigured', detail: fault, ...(fix === undefined ? {} : { fix }) };
    }
    const ready = proven !== undefined || name === 'scripted' || name === 'local';
    return { ...shown, state: ready ? 'ready' : 'unverified', detail };
  }

  /** What is known without asking anybody: also a way that needs no asking. */
  #cached(route: Route): Provider | undefined {
    const name = JSON.stringify(route);
    if (this.#known?.route === name) return this.#known.provider;
    const provider = this.#openAtOnce(route);
    if (provider) this.#known = { route: name, provider };
    return provider;
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
    const found = statSync(this.#keyFile, { throwIfNoEntry: false });
    const stamp = found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '';
    if (stamp !== this.#fileKey.stamp) {
      const key = found ? readQuietly(this.#keyFile) : undefined;
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
    if (provider) this.#known = { route: JSON.stringify(route), provider };
    return provider;
  }

  #openAtOnce({ name, apiKey, baseUrl }: Route): Provider | undefined {
    if (name === 'scripted')
      return this.#made(
        'scripted',
        scriptedClient,
        { name: 'local', free: true },
        'scripted',
        'Scripted answers; no model is asked',
      );
    if (name !== 'groq') return undefined;
    const client = openChatClient({ sdk: 'groq', apiKey: apiKey ?? '', baseUrl });
    return this.#made(
      'groq',
      client,
      { name: 'groq', free: false },
      `${baseUrl} ${apiKey}`,
      `Groq at ${hostOf(baseUrl, 'api.groq.com')}`,
    );
  }

  async #open({ name, apiKey, baseUrl }: Route): Promise<Provider | undefined> {
    if (name === 'openai') return this.#openOpenai(apiKey, baseUrl);
    const server = await probeLocalServers();
    if (!server) return undefined;
    const client = openChatClient({ sdk: 'openai', apiKey: 'local', baseUrl: server.baseUrl });
    const offer = { name: 'local', free: true, models: server.models } as const;
    return this.#made('local', client, offer, server.baseUrl, `${server.kind} at ${hostOf(server.baseUrl, '')}`);
  }

  async #openOpenai(apiKey: string | undefined, baseUrl: string | undefined): Promise<Provider> {
    const free = baseUrl !== undefined && isLoopback(baseUrl);
    const models = free ? await listModels(baseUrl, apiKey) : undefined;
    const client = openChatClient({ sdk: 'openai', apiKey: apiKey ?? 'none', baseUrl });
    const detail = `OpenAI-compatible server at ${hostOf(baseUrl, 'api.openai.com')}`;
    return this.#made('openai', client, { name: 'openai', free, models }, `${baseUrl} ${apiKey}`, detail);
  }

  #made(name: Provider['name'], client: ChatClient, offer: Offer, secrets: string, detail: string): Provider {
    const fingerprint = shortHash(JSON.stringify([name, secrets, offer.models ?? [], this.#deps.catalogue.contents]));
    return { name, client, offer, fingerprint, detail };
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

function hostOf(url: string | undefined, fallback: string): string {
  return url && URL.canParse(url) ? new URL(url).host : fallback;
}

function readQuietly(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
