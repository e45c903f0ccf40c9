/**
 * An instant model on loopback that makes small changes: what a prompt asks for as `<path> <name>`, it writes in one step and
 * hands in with the next. It approves as a critic and as a juror. Says its address, lives until ended.
 */
import { type ModelRequest, obliging, scriptOf, startModelServer } from '@vivarium/core/testing';

const wanted = ({ body }: ModelRequest): string => /change number (\d+)\b/.exec(JSON.stringify(body['messages']))?.[1] ?? '0';

const server = await startModelServer((request) => {
  if (!request.body['tools']) return obliging(request);
  const n = wanted(request);
  return scriptOf([
    [['create_file', { path: `src/n${n}.mjs`, content: `export const n${n} = ${n};\n` }]],
    [['hand_in', { title: `Add n${n}`, summary: `n${n} is ${n}.`, kind: 'chore' }]],
  ])(request);
});
process.stdout.write(`${JSON.stringify({ groq: server.groqBaseUrl })}\n`);
