const undo: (() => unknown)[] = [];

/** Undo something when whoever uses the kit is done: a test, or the campaign. The last thing done is undone first. */
export function atEnd(what: () => unknown): void {
  undo.push(what);
}

export async function cleanUp(): Promise<void> {
  for (const one of undo.splice(0).reverse()) await one();
}
