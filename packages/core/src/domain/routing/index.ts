export { routeFields, toolContextBlock } from './context.ts';
export { ROUTE_MARGIN, ROUTE_THRESHOLD, routeTask, type SkillRouter, skillRouter } from './route.ts';
export type { RoutableSkill, RouteDecision, RouteKind } from './types.ts';
