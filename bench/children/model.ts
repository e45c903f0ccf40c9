/** An instant model server on loopback: answers JSON at once, approves as the critic. Says its address, lives until ended. */
import { obliging, startModelServer } from '@vivarium/core/testing';

const server = await startModelServer((request) => (request.schemaName === 'critic_verdict' ? obliging(request) : '"done"'));
process.stdout.write(`${JSON.stringify({ groq: server.groqBaseUrl })}\n`);
