/** Every package.json that names a package, and what it needs of the others. */
export async function readPackages(files, listed) {
  const packages = [];
  for (const { path } of listed.filter((file) => /(?:^|\/)package\.json$/.test(file.path))) {
    const manifest = parse(await files.read(path));
    if (typeof manifest?.name !== 'string') continue;
    packages.push({ folder: path.slice(0, Math.max(0, path.length - '/package.json'.length)), name: manifest.name, manifest });
  }
  const names = new Set(packages.map(({ name }) => name));
  return packages.map((entry) => ({ ...entry, needs: needsOf(entry.manifest).filter((name) => names.has(name) && name !== entry.name) }));
}

/** Each package with its folder, description and what it needs, then the graph as an outline. */
export function describePackages(packages) {
  if (packages.length === 0) return '';
  const lines = packages.map(({ name, folder, manifest, needs }) => {
    const about = typeof manifest.description === 'string' ? `: ${manifest.description}` : '';
    return `- **${name}** (\`${folder || '.'}\`)${about}${needs.length === 0 ? '' : ` needs ${needs.join(', ')}`}`;
  });
  const edges = packages.flatMap(({ name, needs }) => needs.map((need) => `${name} --> ${need}`));
  return edges.length === 0 ? lines.join('\n') : [...lines, '', '```text', ...edges.sort(), '```'].join('\n');
}

function needsOf({ dependencies, devDependencies, peerDependencies, optionalDependencies }) {
  const groups = [dependencies, devDependencies, peerDependencies, optionalDependencies];
  return [...new Set(groups.flatMap((group) => Object.keys(group ?? {})))].sort();
}

function parse(text) {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
