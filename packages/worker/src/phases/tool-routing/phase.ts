import { isLocal, type RouteDecision, type TaskEvent } from '@vivarium/core';
import { next, type Phase } from '../phase.ts';

/**
 * Finds the skill that does the task, or helps with it, from the task's own words and intent. A skill whose answer to this
 * task was rejected is not used for it again: the model does the next attempt.
 */
export const toolRouting: Phase = {
  name: 'tool-routing',
  done: (run) => run.record.outcome !== undefined,
  async run(run, runtime) {
    const { task, intent, results } = run;
    if (isLocal(task) || task.skill !== undefined || task.prompt === undefined) return next();
    if (runtime.config.docsOnly) run.route = generate('only documentation is written (VIVARIUM_DOCS_ONLY)');
    else if (results) run.route = generate('its steps are done; their results are put together');
    else run.route = unlessRejected(runtime.skills.route(task.prompt, intent), runtime.store.history(task.id));
    return next();
  },
};

const generate = (reason: string): RouteDecision => ({ route: 'generate', tool_confidence: 0, reason });

function unlessRejected(route: RouteDecision, history: readonly TaskEvent[]): RouteDecision {
  const used = history.some((event) => event.event === 'task_executed' && event.outcome.tool_name === route.tool_name);
  if (route.tool_name === undefined || !used) return route;
  return generate(`${route.tool_name} was tried in an earlier attempt`);
}
