/** A Markdown table. Bars and line breaks in cells are made harmless. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** A page with its title and where it comes from. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  const note = `Made by \`pnpm reference\` from ${source}. Change it there; \`pnpm check\` tells when this page is behind.`;
  return `${[`# ${title}`, note, ...parts].join('\n\n')}\n`;
}
