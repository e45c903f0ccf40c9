import { facetOverlay, fence, intentBlock, resultsBlock, stepFraming, toolContextBlock } from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

export type ContextDeps = Pick<Runtime, 'config' | 'skills'>;

const DOCS_ONLY =
  'Only documentation is written here (VIVARIUM_DOCS_ONLY). Answer with one Markdown document; describe changes to code or systems, never carry them out.';

/** The blocks that stand before a task's own words. */
export function contextOf(run: TaskRun, deps: ContextDeps): string[] {
  const { task, intent, results } = run;
  const blocks: string[] = [];
  if (deps.config.docsOnly) blocks.push(DOCS_ONLY);
  if (intent) blocks.push(intentBlock(intent));
  const framing = stepFraming(task);
  if (framing !== undefined) blocks.push(framing);
  const overlay = task.parent_task_id === undefined ? undefined : facetOverlay(task.prompt ?? '');
  if (overlay !== undefined) blocks.push(overlay);
  if (results) blocks.push(resultsBlock(results, fence));
  return [...blocks, ...toolContext(run, deps)];
}

/** What skills know that the task was routed to but that do not do it themselves. */
function toolContext({ task, route }: TaskRun, { skills }: ContextDeps): string[] {
  if (!route || route.route === 'generate') return [];
  const names = route.components?.map(({ name }) => name) ?? [route.tool_name ?? ''];
  const known = names.flatMap((name) => skills.show(name) ?? []);
  return known.map((skill) => {
    const body = skill.kind === 'executable' ? (skill.code ?? skill.body) : skill.body;
    const about = { description: skill.description, body };
    return toolContextBlock({ ...route, tool_name: skill.name, tool_version: skill.version }, about, task.prompt ?? '');
  });
}
