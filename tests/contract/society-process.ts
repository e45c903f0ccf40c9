import { asOwner, asResident, openSociety, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';

/** A process that gives, posts, writes and mails under fixed keys, says how far it is, and may be killed anywhere. */
const [root = '', from = '0', to = '0'] = process.argv.slice(2);
const society = await openSociety({ backend: fileBackend(workspacePaths(root)) });
for (let n = Number(from); n < Number(to); n++) {
  const execution_key = `run#${n}`;
  await society.act(asOwner, 'tip', { identity_id: 'ada', amount: 20, reason: `tip ${n}` }, { execution_key });
  await society.act(
    asOwner,
    'grant_from_commons',
    { identity_id: 'ben', amount: 1, reason: 'share' },
    { execution_key, index: 1 },
  );
  await society.act(asResident('ada'), 'message_human', { content: `mail ${n}` }, { execution_key, index: 2 });
  await society.act(asResident('ada'), 'write_journal', { content: `journal ${n}` }, { execution_key, index: 3 });
  await society.act(asResident('ada'), 'post_message', { content: `post ${n}` }, { execution_key, index: 4 });
  process.stdout.write(`${n}\n`);
}
await society.close();
