import { declaredPaths, headingAnchors, linksIn, linksWitness, targetOf, type Witness } from '@vivarium/core';
import { isFolder, lookAtFile, textIn } from '../../../observe/declared-file.ts';
import { type Source, saw } from './kit.ts';

/** Whether the links of declared Markdown files lead somewhere in the workspace. */
export const links: Source = async ({ run, deps }) => {
  const documents = declaredPaths(run.task).filter((path) => /\.(?:md|markdown)$/i.test(path));
  return saw(...(await Promise.all(documents.map((path) => look(deps.paths.root, path)))));
};

/** Undefined for a document without links, or one that is not there: another witness says so. */
async function look(root: string, document: string): Promise<Witness | undefined> {
  const found = linksIn(await textIn(root, document));
  if (found.length === 0) return undefined;
  const broken: string[] = [];
  let external = 0;
  for (const { target, line } of found) {
    const to = targetOf(document, target);
    if (to.kind === 'external') external += 1;
    else if (to.kind === 'outside' || !(await leadsSomewhere(root, to.path, to.anchor))) broken.push(`${target} (line ${line})`);
  }
  return linksWitness(document, { checked: found.length - external, external, broken });
}

async function leadsSomewhere(root: string, path: string, anchor: string): Promise<boolean> {
  const { state } = await lookAtFile(root, path);
  if (state !== 'file') return state !== 'outside' && (await isFolder(root, path));
  if (anchor === '' || !/\.(?:md|markdown)$/i.test(path)) return true;
  return headingAnchors(await textIn(root, path)).has(anchor.toLowerCase());
}
