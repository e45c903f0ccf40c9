import { type Config, type FieldProblem, loadJsonFile, type Task } from '@vivarium/core';
import { z } from 'zod';
import type { ProviderView } from '../protocol.ts';

/** As much of `config/models.json` as intake needs; the API judges every call again. */
const ModelsFile = z.looseObject({
  models: z.record(z.string(), z.unknown()).default({}),
  aliases: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Models that no call could use, by field. Nothing is refused when a server on this machine answers, since it may have
 * any model, nor when the file cannot be read.
 */
export async function unknownModels(
  config: Config,
  tasks: readonly Task[],
  provider: () => Promise<ProviderView>,
): Promise<FieldProblem[]> {
  const wanted = tasks.flatMap((task, index) =>
    (['model', 'critic_model'] as const).flatMap((field) => {
      const id = task[field];
      return id === undefined ? [] : [{ id, field: tasks.length === 1 ? field : `tasks[${index}].${field}` }];
    }),
  );
  if (wanted.length === 0 || config.provider === 'local' || config.provider === 'scripted') return [];
  const allowed = allowedModels(config);
  const unknown = allowed === undefined ? [] : wanted.filter(({ id }) => !allowed.has(id));
  if (unknown.length === 0 || (await isLocal(provider))) return [];
  const names = [...(allowed ?? [])].join(', ');
  return unknown.map(({ id, field }) => ({ field, message: `the model ${id} is not allowed; use one of ${names}` }));
}

function allowedModels(config: Config): ReadonlySet<string> | undefined {
  try {
    const file = loadJsonFile(config.modelsFile, ModelsFile, '');
    return new Set([...Object.keys(file.models), ...Object.keys(file.aliases), config.defaultModel, config.criticModel]);
  } catch {
    return undefined;
  }
}

/** A model server behind a loopback address, whichever way it was found. */
async function isLocal(provider: () => Promise<ProviderView>): Promise<boolean> {
  const view = await provider();
  return view.reachable && (view.name === 'local' || view.name === 'openai');
}
