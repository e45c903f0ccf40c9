import { join } from 'node:path';
import { fileExists, OWN_NEVER, type Project, readJsonFile } from '@vivarium/core';

/** Where these rules stand in Vivarium's own repository. */
const OWN_RULES = 'packages/core/src/domain/changes/policy/tiers.ts';

/**
 * A project as it is used. In Vivarium's own repository, known by the name in its package.json or by these rules lying in
 * it, nobody touches the rules that residents live under, and the person says yes to the very tree that lands.
 */
export function ownRules(project: Project): Project {
  const { settings } = project;
  if (!isOwn(settings.path)) return project;
  return { ...project, settings: { ...settings, approval: 'exact', never: [...settings.never, ...OWN_NEVER] } };
}

function isOwn(path: string): boolean {
  if (fileExists(join(path, OWN_RULES))) return true;
  const read = readJsonFile(join(path, 'package.json'));
  if (read.kind !== 'read' || typeof read.value !== 'object' || read.value === null) return false;
  return 'name' in read.value && read.value.name === 'vivarium';
}
