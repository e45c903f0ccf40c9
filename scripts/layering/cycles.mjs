import { isTest } from './sources.mjs';

/** Dependency cycles of imports that exist when the program runs: type imports vanish and lazy ones break the cycle. */
export function cycles(files) {
  const state = new Map();
  const found = [];
  const visit = (file, trail) => {
    state.set(file, 'open');
    for (const each of files.get(file).imports) {
      if (each.typeOnly || each.lazy || !files.has(each.target)) continue;
      if (state.get(each.target) === 'open') found.push(describe([...trail, file], file, each));
      else if (!state.has(each.target)) visit(each.target, [...trail, file]);
    }
    state.set(file, 'done');
  };
  for (const file of files.keys()) if (!state.has(file) && !isTest(file)) visit(file, []);
  return found;
}

function describe(trail, file, { target, line }) {
  const cycle = [...trail.slice(trail.indexOf(target)), target].map((path) => path.replace(/^packages\//, ''));
  const fix = 'move what both need into a file of its own, or make it a type import';
  return { file, line, rule: 'no-cycles', problem: `imports form a dependency cycle: ${cycle.join(' → ')}`, fix };
}
