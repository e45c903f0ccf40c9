import { type Config, type FieldProblem, isLocal, loadJsonFile, type Task, workspacePaths } from '@vivarium/core';
import { z } from 'zod';
import { isLoopbackUrl } from '../api/endpoint.ts';
import { EXIT } from './exit.ts';
import { CommandRefusal } from './output.ts';
import { askApi } from './world.ts';

/** As much of `config/models.json` as intake needs; the API reads the rest and judges again. */
const ModelsFile = z.looseObject({
  models: z.record(
    z.string(),
    z.looseObject({
      provider: z.string().optional(),
      price_usd_per_million: z.looseObject({ input: z.number(), output: z.number() }).optional(),
    }),
  ),
  aliases: z.record(z.string(), z.looseObject({ model: z.string() })).default({}),
});
type ModelsFile = z.infer<typeof ModelsFile>;

/** A call that cannot pay for as many output tokens is not made, and every call carries about this much around the prompt. */
const LEAST_OUTPUT_TOKENS = 16;
const FRAME_TOKENS = 104;

/** Models that no call could use, by field. A server on this machine may have any model, so then nothing is refused. */
export async function checkModels(config: Config, tasks: readonly Task[]): Promise<FieldProblem[]> {
  const wanted = tasks.flatMap((task, index) =>
    (['model', 'critic_model'] as const).flatMap((name) => {
      const id = task[name];
      return id === undefined ? [] : [{ id, field: tasks.length === 1 ? name : `tasks[${index}].${name}` }];
    }),
  );
  if (wanted.length === 0) return [];
  const file = readModels(config);
  const known = (id: string) =>
    id in file.models || id in file.aliases || id === config.defaultModel || id === config.criticModel;
  const unknown = wanted.filter(({ id }) => !known(id));
  if (unknown.length === 0 || (await anyModelGoes(config))) return [];
  const names = [...Object.keys(file.models), ...Object.keys(file.aliases)].join(', ');
  return unknown.map(({ id, field }) => ({
    field,
    message: `the model ${id} is not allowed; use one of ${names}, or list it in ${config.modelsFile}`,
  }));
}

/** @param paid the tasks that a model is asked for. @throws CommandRefusal (exit 5) for one whose cap pays for no call */
export async function checkMoney(config: Config, paid: readonly Task[]): Promise<void> {
  const provider = payingProvider(config);
  if (paid.length === 0 || provider === undefined) return;
  const file = readModels(config);
  for (const task of paid) {
    const least = await leastCost(config, file, provider, task);
    if (least === undefined || task.max_budget >= least) continue;
    const message = `Task ${task.id}: max_budget ${task.max_budget} pays for no call; its prompt alone needs at least ${least.toFixed(6)} USD`;
    throw new CommandRefusal(EXIT.budget, 'VIV_BUDGET_EXCEEDED', message, 'Raise --max-budget, e.g. 0.10');
  }
}

/** The provider that would be paid; undefined when every reachable model is free or none is reachable. */
function payingProvider({ provider, groq, openai }: Config): 'groq' | 'openai' | undefined {
  const openaiPaid = openai.apiKey !== undefined && !isLoopbackUrl(openai.baseUrl ?? 'https://api.openai.com');
  if (provider === 'groq' || (provider === 'auto' && groq.apiKey !== undefined))
    return groq.apiKey === undefined ? undefined : 'groq';
  if ((provider === 'openai' || provider === 'auto') && openaiPaid) return 'openai';
  return undefined;
}

async function leastCost(config: Config, file: ModelsFile, provider: string, task: Task): Promise<number | undefined> {
  const asked = task.model ?? config.defaultModel;
  const id = file.aliases[asked]?.model ?? asked;
  const price = file.models[id]?.price_usd_per_million ?? (await publishedPrice(id, provider));
  if (!price) return undefined;
  const input = Buffer.byteLength(task.prompt ?? '') + FRAME_TOKENS;
  return (input * price.input + LEAST_OUTPUT_TOKENS * price.output) / 1_000_000;
}

async function publishedPrice(id: string, provider: string): Promise<{ input: number; output: number } | undefined> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  const prices = calcPrice({ input_tokens: 1, output_tokens: 1 }, id, { providerId: provider })?.model_price;
  const [input, output] = [prices?.['input_mtok'], prices?.['output_mtok']];
  return typeof input === 'number' && typeof output === 'number' ? { input, output } : undefined;
}

async function anyModelGoes(config: Config): Promise<boolean> {
  const { provider, groq, openai } = config;
  if (provider === 'local' || provider === 'scripted') return true;
  if ((provider === 'openai' || (provider === 'auto' && groq.apiKey === undefined)) && isLoopbackUrl(openai.baseUrl ?? ''))
    return true;
  if (provider !== 'auto' || groq.apiKey !== undefined || openai.apiKey !== undefined) return false;
  const status = await askApi(config, workspacePaths(config.workspace)).catch(() => undefined);
  return status?.provider.name === 'local';
}

const readModels = ({ modelsFile }: Config): ModelsFile =>
  loadJsonFile(modelsFile, ModelsFile, 'Restore config/models.json from the repository, or mend it');
