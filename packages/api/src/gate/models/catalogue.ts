import {
  type ListedModel,
  loadModels,
  type ModelPrice,
  type ModelsFile,
  type OfferedModel,
  publishedPrice,
} from '@vivarium/core';
import { ModelNotAllowedError, PriceUnknownError } from '../../errors/index.ts';

/** What stands where a model has no tier. */
const NO_TIER = 'none';

/** The model a call goes to. `alias` is set when it was asked for under another name. */
export interface ChosenModel {
  readonly id: string;
  readonly price: ModelPrice;
  readonly max_output_tokens?: number | undefined;
  /** What the list says of the model beside its price; undefined for one that is not listed. */
  readonly listed?: ListedModel | undefined;
  readonly alias?: { readonly from: string; readonly because: string };
}

/** What the choice depends on, of the provider in use. */
export interface Offer {
  readonly name: 'groq' | 'openai' | 'local';
  /** On this machine: costs nothing. A Groq model has its listed price whatever the address. */
  readonly free: boolean;
  /** What the server says it has; undefined when it was not asked or did not say. */
  readonly models?: readonly string[] | undefined;
  /** True for models that turned out to be none to talk with. */
  readonly passedOver?: (id: string) => boolean;
}

export class Catalogue {
  readonly #file: ModelsFile;
  readonly #path: string;
  readonly #defaultModel: string;
  readonly #prices = new Map<string, ModelPrice | undefined>();
  /** From the cheapest to the strongest. */
  readonly #tiers: readonly string[];

  constructor(file: ModelsFile, path: string, defaultModel: string) {
    this.#file = file;
    this.#path = path;
    this.#defaultModel = defaultModel;
    this.#tiers = [...new Set([...(file.tiers ?? []), ...Object.values(file.models).flatMap(({ tier }) => tier ?? [])])];
  }

  /** Part of the provider's fingerprint: another list may cure a refused model. */
  get contents(): string {
    return JSON.stringify([this.#file, this.#defaultModel]);
  }

  /** True for a model that is listed, but with another provider than the one that is set up. */
  isForeign(asked: string, offer: Offer): boolean {
    const listed = this.#file.models[this.#file.aliases[asked]?.model ?? asked];
    return !offer.free && listed !== undefined && listed.provider !== offer.name;
  }

  /** @throws ModelNotAllowedError, PriceUnknownError: nothing was called */
  choose(asked: string | undefined, offer: Offer): ChosenModel {
    const name = asked ?? this.#defaultFor(offer);
    const alias = this.#file.aliases[name];
    const listedId = alias?.model ?? name;
    const id = offer.free ? this.#onServer(name, listedId, offer, asked !== undefined) : listedId;
    const listed = this.#file.models[id ?? listedId] ?? this.#file.models[listedId];
    const allowed = offer.free || listed?.provider === offer.name;
    if (id === undefined || !allowed) throw this.#notAllowed(name, offer);
    const price = offer.free ? { input: 0, output: 0 } : this.#priceOf(id, offer.name);
    if (!price) throw new PriceUnknownError(id, this.#path);
    const chosen = { id, price, max_output_tokens: listed?.max_output_tokens, listed };
    const because = alias?.because ?? (id === listedId ? undefined : 'the local server does not have it');
    return id === name || because === undefined ? chosen : { ...chosen, alias: { from: name, because } };
  }

  /**
   * What a call that names no model may go to: the default, and the listed models of the provider that have a tier and a known
   * price. A default without a tier stands alone. @throws ModelNotAllowedError, PriceUnknownError for the default
   */
  offered(offer: Offer): readonly OfferedModel[] {
    const { id: standard } = this.choose(undefined, offer);
    const ids = Object.keys(this.#file.models).filter((id) => this.#isOffered(id, offer));
    const tiered = ids.includes(standard) ? ids : [standard];
    return tiered.flatMap((id) => this.#offeredAs(id, offer, id === standard) ?? []);
  }

  /** A model as the choice sees it, with its tier if it has one. */
  describe(id: string, offer: Offer): OfferedModel | undefined {
    return this.#offeredAs(id, offer, false);
  }

  /** True for a model of the first tier that its provider has. */
  isCheapest(id: string): boolean {
    const listed = this.#file.models[id];
    if (listed?.tier === undefined) return false;
    const beside = Object.values(this.#file.models).filter(({ provider, tier }) => provider === listed.provider && tier);
    return Math.min(...beside.map(({ tier }) => this.#tiers.indexOf(tier ?? ''))) === this.#tiers.indexOf(listed.tier);
  }

  #isOffered(id: string, offer: Offer): boolean {
    const listed = this.#file.models[id];
    if (listed?.tier === undefined) return false;
    return offer.free ? (offer.models?.includes(id) ?? false) && offer.passedOver?.(id) !== true : listed.provider === offer.name;
  }

  #offeredAs(id: string, offer: Offer, is_default: boolean): OfferedModel | undefined {
    const price = offer.free ? { input: 0, output: 0 } : this.#priceOf(id, offer.name);
    const tier_name = this.#file.models[id]?.tier ?? NO_TIER;
    return (
      price && {
        id,
        tier: Math.max(0, this.#tiers.indexOf(tier_name)),
        tier_name,
        input_usd_per_million: price.input,
        output_usd_per_million: price.output,
        is_default,
      }
    );
  }

  /** The model of a call that names none, as far as it can be told. */
  defaultFor(offer: Offer): string | undefined {
    try {
      return this.choose(undefined, offer).id;
    } catch {
      return undefined;
    }
  }

  #defaultFor(offer: Offer): string {
    if (offer.name !== 'openai' || offer.free) return this.#defaultModel;
    const wanted = this.#file.aliases[this.#defaultModel]?.model ?? this.#defaultModel;
    if (this.#file.models[wanted]?.provider === 'openai') return wanted;
    const first = Object.entries(this.#file.models).find(([, listed]) => listed.provider === 'openai');
    return first?.[0] ?? this.#defaultModel;
  }

  /** A server on this machine may be asked for what it has; for a listed model it lacks, its first one that can chat stands in. */
  #onServer(name: string, listedId: string, offer: Offer, isNamed: boolean): string | undefined {
    const known = this.#file.models[listedId] !== undefined || listedId === this.#defaultModel;
    const { models, passedOver } = offer;
    if (!models) return known ? listedId : undefined;
    const own = [name, listedId].find((id) => models.includes(id));
    if (own !== undefined && (isNamed || passedOver?.(own) !== true)) return own;
    return known ? (standIns(offer)[0] ?? models[0] ?? listedId) : undefined;
  }

  #priceOf(id: string, provider: string): ModelPrice | undefined {
    const key = `${provider} ${id}`;
    if (!this.#prices.has(key))
      this.#prices.set(key, this.#file.models[id]?.price_usd_per_million ?? publishedPrice(id, provider));
    return this.#prices.get(key);
  }

  #notAllowed(name: string, offer: Offer): ModelNotAllowedError {
    const listed = Object.entries(this.#file.models).filter(([, model]) => model.provider === offer.name);
    const names = offer.free && offer.models ? offer.models : [...listed.map(([id]) => id), ...Object.keys(this.#file.aliases)];
    return new ModelNotAllowedError(`The model ${name.slice(0, 200)} is not allowed with the provider ${offer.name}`, {
      fix: `Use one of ${names.slice(0, 12).join(', ')}, or list it in ${this.#path}`,
      data: { model: name },
    });
  }
}

/** Models of a server that may stand in for one it lacks, but for this one. */
export const standIns = ({ models, passedOver }: Offer, but?: string): string[] =>
  (models ?? []).filter((id) => id !== but && passedOver?.(id) !== true);

/** @throws InvalidInputError naming every field that is wrong */
export const loadCatalogue = (path: string, defaultModel: string): Catalogue =>
  new Catalogue(loadModels(path), path, defaultModel);
