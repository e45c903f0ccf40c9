import { fieldProblemsOf, InvalidInputError, isFatal, type Logger, type Problem, type StatusReport } from '@vivarium/core';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifySchemaCompiler } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { ProviderError, ShuttingDownError } from './errors/index.ts';
import type { RunCycle } from './execution/run-cycle.ts';
import type { Running } from './execution/running.ts';
import { registerDocs } from './http/docs.ts';
import { loopbackOnly, tokenOnly } from './http/perimeter.ts';
import { PROBLEM_JSON, problem, problemOf, retryAfterSeconds } from './http/problems.ts';
import type { MakePlan } from './plan/make-plan.ts';
import { cycleRoute } from './routes/cycle.route.ts';
import { type HealthOptions, healthRoutes } from './routes/health.route.ts';
import { planRoute } from './routes/plan.route.ts';
import { runningRoute } from './routes/running.route.ts';
import { statusRoute } from './routes/status.route.ts';

const BODY_BYTES = 2 * 1024 * 1024;

export interface ApiDeps extends HealthOptions {
  readonly token: string;
  readonly docsOnly: boolean;
  readonly runCycle: RunCycle;
  readonly makePlan: MakePlan;
  readonly status: () => StatusReport;
  readonly running: Pick<Running, 'said'>;
  readonly log: Logger;
  /** The disk can no longer be trusted: this process must end. */
  readonly onFatal: (error: unknown) => void;
}

/** The HTTP side of the execution API. On every request: who, then the token, then the body. */
export async function buildApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    bodyLimit: BODY_BYTES,
    trustProxy: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    // An address that no route can read comes past the error handler.
    frameworkErrors: (error, _request, reply) => void answerWith(reply, problemOf(error)),
  });
  app.setValidatorCompiler(readWith);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', loopbackOnly);
  answerWithProblems(app, deps);
  await registerDocs(app);
  await app.register(statusRoute, deps);
  await app.register(healthRoutes, deps);
  await app.register(async (guarded) => {
    guarded.addHook('onRequest', tokenOnly(deps.token));
    await guarded.register(cycleRoute, deps);
    await guarded.register(planRoute, deps);
    await guarded.register(runningRoute, deps);
  });
  return app;
}

function answerWithProblems(app: FastifyInstance, { log, onFatal }: ApiDeps): void {
  app.setNotFoundHandler((request, reply) => {
    const detail = `There is nothing at ${request.method} ${request.url.slice(0, 200)}`;
    return reply
      .code(404)
      .type(PROBLEM_JSON)
      .send(problem(404, 'VIV_NOT_FOUND', detail, { fix: 'See /docs for what there is' }));
  });
  app.setErrorHandler((error, request, reply) => {
    const told = problemOf(error);
    if (told.status >= 500) {
      const where = { route: request.routeOptions.url, code: told.code };
      // Nothing broke in our code: a stack would only hide what to do.
      if (error instanceof ProviderError || error instanceof ShuttingDownError)
        log.warn({ ...where, fix: told.fix }, told.detail);
      else log.error({ ...where, err: error }, told.detail);
    }
    const wait = retryAfterSeconds(told);
    if (wait !== undefined) reply.header('retry-after', wait);
    if (isFatal(error)) onFatal(error);
    return answerWith(reply, told);
  });
}

const answerWith = (reply: FastifyReply, told: Problem): FastifyReply =>
  reply.code(told.status).type(PROBLEM_JSON).serializer(JSON.stringify).send(told);

/** A part of a request as its schema reads it, or every field that is wrong. */
const readWith: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart = 'body' }) =>
  (data) => {
    const read = schema.safeParse(data);
    if (read.success) return { value: read.data };
    const problems = fieldProblemsOf(read.error, { at: httpPart });
    return { error: new InvalidInputError('The request does not fit', problems, 'See /docs/json for the fields') };
  };
