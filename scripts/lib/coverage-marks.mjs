// Loaded into a program beforehand: on the message `mark`, what V8 has counted is written down and counted anew from there.
import { takeCoverage } from 'node:v8';

process.on('message', (message) => {
  if (message !== 'mark') return;
  takeCoverage();
  process.send?.('marked');
});
process.channel?.unref();
