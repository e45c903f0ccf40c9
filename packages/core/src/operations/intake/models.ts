import type { Config } from '../../config/schema.ts';
import { isOwnModelServer } from '../../contract/loopback.ts';
import type { ModelsFile } from '../../contract/models-file.ts';
import type { Task } from '../../contract/task.ts';
import { estimateCall, inputBound } from '../../domain/models/index.ts';
import { loadModels, publishedPrice } from '../models/index.ts';
import type { TaskFault } from './fault.ts';

/** What is asked about models, beside the settings. */
export type AsksLocal = () => Promise<boolean>;

/** Models that no call could use. A server on this machine may have any model, so then nothing is refused. */
export async function modelFaults(config: Config, tasks: readonly Task[], isLocalServer: AsksLocal): Promise<TaskFault[]> {
  const wanted = tasks.flatMap((task, index) =>
    (['model', 'critic_model'] as const).flatMap((field) => {
      const id = task[field];
      return id === undefined ? [] : [{ id, field, index }];
    }),
  );
  if (wanted.length === 0) return [];
  const { file, unreadable } = readModels(config);
  if (!file)
    return wanted.map(({ id, field, index }) => ({
      kind: 'task',
      index,
      field,
      message: `${id} cannot be looked up: ${unreadable}`,
    }));
  const names = new Set([...Object.keys(file.models), ...Object.keys(file.aliases), config.defaultModel, config.criticModel]);
  const unknown = wanted.filter(({ id }) => !names.has(id));
  if (unknown.length === 0 || (await anyModelGoes(config, isLocalServer))) return [];
  const choice = `use one of ${[...names].join(', ')}, or list it in ${config.modelsFile}`;
  return unknown.map(({ id, field, index }) => ({
    ...{ kind: 'task', index, field },
    message: `the model ${id} is not allowed; ${choice}`,
  }));
}

/** Tasks whose cap pays for no call, as far as prices are known. */
export function moneyFaults(config: Config, tasks: readonly Task[], needsModel: (task: Task) => boolean): TaskFault[] {
  const paid = tasks.flatMap((task, index) => (needsModel(task) ? [{ task, index }] : []));
  const provider = payingProvider(config);
  const file = paid.length === 0 || provider === undefined ? undefined : readModels(config).file;
  if (!file || provider === undefined) return [];
  const faults: TaskFault[] = [];
  for (const { task, index } of paid) {
    const least = leastCost(config, file, provider, task);
    if (least === undefined || task.max_budget >= least) continue;
    const message = `${task.max_budget} pays for no call; its prompt alone needs at least ${least.toFixed(6)} USD`;
    faults.push({ kind: 'money', index, field: 'max_budget', message, fix: 'Raise --max-budget, e.g. 0.10' });
  }
  return faults;
}

/** The provider that would be paid; undefined when every reachable model is free or none is reachable. */
function payingProvider({ provider, groq, openai }: Config): 'groq' | 'openai' | undefined {
  const openaiPaid = openai.apiKey !== undefined && !isOwnModelServer(openai.baseUrl ?? 'https://api.openai.com');
  if (provider === 'groq' || (provider === 'auto' && groq.apiKey !== undefined))
    return groq.apiKey === undefined ? undefined : 'groq';
  if ((provider === 'openai' || provider === 'auto') && openaiPaid) return 'openai';
  return undefined;
}

function leastCost(config: Config, file: ModelsFile, provider: string, task: Task): number | undefined {
  const asked = task.model ?? config.defaultModel;
  const id = file.aliases[asked]?.model ?? asked;
  const price = file.models[id]?.price_usd_per_million ?? publishedPrice(id, provider);
  if (!price) return undefined;
  const input = inputBound([{ content: task.prompt ?? '' }], undefined);
  return estimateCall(price, input, Number.POSITIVE_INFINITY).minimum_usd;
}

async function anyModelGoes({ provider, groq, openai }: Config, isLocalServer: AsksLocal): Promise<boolean> {
  if (provider === 'local' || provider === 'scripted') return true;
  if ((provider === 'openai' || (provider === 'auto' && groq.apiKey === undefined)) && isOwnModelServer(openai.baseUrl ?? ''))
    return true;
  if (provider !== 'auto' || groq.apiKey !== undefined || openai.apiKey !== undefined) return false;
  return isLocalServer().catch(() => false);
}

/** The list, or why it does not read. */
function readModels({ modelsFile }: Config): { readonly file?: ModelsFile; readonly unreadable?: string } {
  try {
    return { file: loadModels(modelsFile) };
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}
