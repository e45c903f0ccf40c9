/**
 * Put text of another origin between two marked lines. A line in it that looks like a mark is indented, so the text
 * cannot end its own fence.
 */
export function fence(origin: string, text: string): string {
  const inert = text.replace(/^(?=<<<|>>>)/gm, ' ');
  return `<<< ${origin} begins\n${inert}\n>>> ${origin} ends`;
}
