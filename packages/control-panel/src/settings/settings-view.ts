import { join } from 'node:path';
import { type Config, loadJsonFile } from '@vivarium/core';
import { z } from 'zod';
import type { SettingsAnswer } from '../protocol/running.ts';

const Rules = z.looseObject({
  network: z.looseObject({
    default: z.string(),
    allowed: z.array(z.looseObject({ destination: z.string(), from: z.string() })).default([]),
  }),
  rules: z.array(z.looseObject({ id: z.string(), check: z.string(), reason: z.string().default('') })).default([]),
});
const Commands = z.looseObject({ programs: z.record(z.string(), z.looseObject({ about: z.string().default('') })).default({}) });

/** How this world is set up, for reading: what can be changed has routes of its own. */
export function settingsAnswer(config: Config): SettingsAnswer {
  const folder = join(config.installation, 'config');
  const rules = parsed(join(folder, 'safety-constraints.json'), Rules);
  const commands = parsed(join(folder, 'commands.json'), Commands);
  return {
    success: true,
    workspace: config.workspace,
    provider: config.provider,
    approval: config.approval,
    docs_only: config.docsOnly,
    limits: limitsOf(config),
    safety: {
      network: rules ? networkWords(rules.network) : 'The rules cannot be read',
      rules: (rules?.rules ?? []).map(({ id, check, reason }) => ({ id, check, about: reason })),
      programs: Object.entries(commands?.programs ?? {}).map(([name, { about }]) => ({ name, about })),
    },
  };
}

function limitsOf(config: Config): SettingsAnswer['limits'] {
  const rows = [
    ['SWARM_BUDGET_LIMIT', `$${config.budgetLimitUsd}`, 'Cap over everything since the last reset'],
    ['SWARM_RATE_LIMIT', `${config.rateLimitPerMinute} a minute`, 'Calls to a model'],
    ['RESIDENT_MAX_REQUEUE_ATTEMPTS', String(config.maxRequeueAttempts), 'Attempts before a task has failed'],
    ['RESIDENT_DAY_SECONDS', `${config.daySeconds} s`, "A resident's day"],
    ['VIVARIUM_LEASE_SECONDS', `${config.leaseSeconds} s`, 'How long a silent worker keeps its tasks'],
    ['VIVARIUM_APPROVAL', config.approval, 'evidence: an independent check must pass; human: you decide'],
    ['VIVARIUM_PROVIDER', config.provider, 'Which way to a model is taken'],
  ] as const;
  return rows.map(([name, value, meaning]) => ({ name, value, meaning, from: config.sources.get(name)?.from ?? 'default' }));
}

function networkWords({ default: byDefault, allowed }: z.infer<typeof Rules>['network']): string {
  const ways = allowed.map(
    ({ destination, from }) => `the ${destination.replaceAll('_', ' ')} from the ${from === 'api' ? 'API' : from}`,
  );
  return `${byDefault === 'deny' ? 'Denied' : byDefault}${ways.length > 0 ? `, except ${ways.join(', ')}` : ''}`;
}

function parsed<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return loadJsonFile(file, schema, '');
  } catch {
    return undefined;
  }
}
