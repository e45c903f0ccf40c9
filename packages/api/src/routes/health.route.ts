import { Problem } from '@vivarium/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Metrics } from '../http/metrics.ts';
import { PROBLEM_JSON, problem } from '../http/problems.ts';

const Health = z.object({ status: z.literal('ok'), checks: z.array(z.string()) }).meta({ id: 'Health' });

export interface Check {
  readonly name: string;
  /** Why it does not work; undefined when it does. */
  readonly trouble: () => Promise<string | undefined> | string | undefined;
}

export interface HealthOptions {
  /** What `/cycle` cannot work without. A missing provider is none of it: local work still runs. */
  readonly checks: readonly Check[];
  /** What a process that has just started may still lack. */
  readonly ready: readonly Check[];
  readonly metrics: Metrics;
}

/** Something is missing without which the API cannot work. The detail names each trouble. */
const UNHEALTHY = 'VIV_UNHEALTHY';

/** GET /healthz, /readyz and /metrics, for people's scripts and for whoever watches. */
export const healthRoutes: FastifyPluginAsyncZod<HealthOptions> = async (app, { checks, ready, metrics }) => {
  const routes = [
    ['/healthz', 'Whether /cycle works', checks],
    ['/readyz', 'Whether new work is taken at this moment', [...checks, ...ready]],
  ] as const;
  for (const [url, summary, list] of routes)
    app.get(url, { schema: { summary, response: { 200: Health, 503: Problem } } }, async (_request, reply) => {
      const troubles = await troublesOf(list);
      if (troubles.length === 0) return { status: 'ok' as const, checks: list.map((check) => check.name) };
      reply.type(PROBLEM_JSON);
      return reply.code(503).send(problem(503, UNHEALTHY, troubles.join('; ')));
    });
  app.get('/metrics', { schema: { summary: 'Prometheus metrics' } }, async (_request, reply) => {
    const text = await metrics.render();
    return reply.type(metrics.contentType).send(text);
  });
};

async function troublesOf(checks: readonly Check[]): Promise<string[]> {
  const told = await Promise.all(
    checks.map(async ({ name, trouble }) => {
      const said = await trouble();
      return said === undefined ? undefined : `${name}: ${said}`;
    }),
  );
  return told.filter((line) => line !== undefined);
}
