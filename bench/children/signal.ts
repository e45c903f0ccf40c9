import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Say that everything is set up, and wait for the start. */
export async function ready(): Promise<void> {
  process.stdout.write('ready\n');
  await lines.next();
}

/** Say the result and end. */
export function done(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}
