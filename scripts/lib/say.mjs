/** One line for the person at the terminal, on stderr, so that stdout keeps only the ready lines. */
export function say(line) {
  process.stderr.write(`[vivarium] ${line}\n`);
}
