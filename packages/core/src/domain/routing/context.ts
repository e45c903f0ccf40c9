import type { RouteDecision } from './types.ts';

/**
 * The block that gives a model what a skill knows, followed by the task. Used for prompt skills, and for an executable one
 * whose run failed. The body is the skill's own text or code.
 */
export function toolContextBlock(
  route: RouteDecision,
  skill: { readonly description: string; readonly body: string },
  prompt: string,
): string {
  return [
    '## RELEVANT TOOL CONTEXT',
    `TOOL_NAME: ${route.tool_name ?? 'n/a'}`,
    `TOOL_ROUTE: ${route.route}`,
    `TOOL_CONFIDENCE: ${route.tool_confidence.toFixed(2)}`,
    `TOOL_DESCRIPTION: ${skill.description.trim() || 'n/a'}`,
    skill.body.trim(),
    'TASK:',
    prompt,
  ].join('\n');
}

/** What events say about a route. `model_call_avoided` only when an executable skill did the work and was accepted. */
export function routeFields(route: RouteDecision, model_call_avoided: boolean) {
  return {
    tool_route: route.route,
    tool_confidence: route.tool_confidence,
    model_call_avoided,
    ...(route.tool_name === undefined ? {} : { tool_name: route.tool_name }),
    ...(route.tool_version === undefined ? {} : { tool_version: route.tool_version }),
  };
}
