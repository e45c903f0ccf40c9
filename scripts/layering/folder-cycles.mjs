import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { isTest } from './sources.mjs';

const LIST = 'scripts/layering/known-cycles.json';

/**
 * Dependency cycles between folders, as breaches, and how many folders lie in cycles that are known: groups of folders in a
 * list that only shrinks. A folder is the files that lie directly in it; an import counts whether it is for types, lazy, or
 * handed on.
 */
export function folderCycles(root, files) {
  const list = join(root, LIST);
  const known = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
  const graph = folderGraph(files);
  const cycles = groups(graph);
  const isKnown = (cycle) => known.some((group) => cycle.every((folder) => group.includes(folder)));
  const found = cycles.filter((cycle) => !isKnown(cycle)).map((cycle) => describe(shortest(graph, cycle)));
  const folders = new Set([...files.keys()].map((file) => dirname(file)));
  for (const group of known) {
    const stale = group.filter((folder) => folders.has(folder) && !cycles.some((cycle) => cycle.includes(folder)));
    if (stale.length > 0) found.push(outdated(stale));
  }
  return { found, known: cycles.filter(isKnown).flat().length };
}

/** For each folder the folders it imports from, each with the first import that does so. */
function folderGraph(files) {
  const graph = new Map();
  const edgesOf = (folder) => graph.get(folder) ?? graph.set(folder, new Map()).get(folder);
  for (const { file, imports } of files.values()) {
    if (isTest(file)) continue;
    for (const { target, line } of imports) {
      if (!files.has(target) || isTest(target) || dirname(target) === dirname(file)) continue;
      const edges = edgesOf(dirname(file));
      edgesOf(dirname(target));
      if (!edges.has(dirname(target))) edges.set(dirname(target), { file, line, target });
    }
  }
  return graph;
}

/** Groups of folders that all reach each other (strongly connected components, after Tarjan). */
function groups(graph) {
  const found = [];
  const order = new Map();
  const low = new Map();
  const open = [];
  const visit = (folder) => {
    order.set(folder, order.size);
    low.set(folder, order.get(folder));
    open.push(folder);
    for (const next of graph.get(folder).keys()) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) low.set(folder, Math.min(low.get(folder), low.get(next)));
    }
    if (low.get(folder) !== order.get(folder)) return;
    const group = open.splice(open.indexOf(folder));
    if (group.length > 1) found.push(group);
  };
  for (const folder of graph.keys()) if (!order.has(folder)) visit(folder);
  return found;
}

/** The imports along a shortest way round in a group. */
function shortest(graph, group) {
  let best;
  for (const start of group) {
    const ways = [[start, []]];
    const seen = new Set();
    for (const [folder, trail] of ways) {
      if (best && trail.length + 1 >= best.length) break;
      for (const [next, edge] of graph.get(folder)) {
        if (next === start) best = shorter(best, [...trail, edge]);
        else if (group.includes(next) && !seen.has(next)) ways.push([next, [...trail, edge]]);
        seen.add(next);
      }
    }
  }
  return best;
}

const shorter = (one, other) => (one && one.length <= other.length ? one : other);
const short = (path) => path.replace(/^packages\//, '');

function describe(trail) {
  const [{ file, line }] = trail;
  const folders = [...trail, trail[0]].map((edge) => short(dirname(edge.file)));
  const imports = trail.map((edge) => `${short(edge.file)}:${edge.line} imports ${short(edge.target)}`);
  const problem = `folders form a dependency cycle: ${folders.join(' → ')} (${imports.join('; ')})`;
  const fix = 'move what both need into a folder that imports neither, or the importing file to the folder it belongs to';
  return { file, line, rule: 'no-folder-cycles', problem, fix };
}

function outdated(folders) {
  const problem = `${folders.map(short).join(', ')} is in no dependency cycle`;
  return {
    file: LIST,
    line: 1,
    rule: 'no-folder-cycles',
    problem,
    fix: 'delete it from the list',
  };
}
