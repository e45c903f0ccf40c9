import type { Post } from '../../domain/social/index.ts';
import type { StoreParts } from './society.ts';

/** Log name of a post that is a document of the library. */
const DOCUMENT = 'document';
const MAILBOX = 'messages_to_human';

/** Put a line where others see it, once. */
export async function deliver({ logs, documents }: Pick<StoreParts, 'logs' | 'documents'>, { log, line }: Post): Promise<void> {
  if (log !== DOCUMENT) {
    await logs.append(log, { timestamp: '', ...line });
    return;
  }
  const { path, content } = line;
  if (typeof path !== 'string' || typeof content !== 'string') return;
  await documents.putText(path, content);
}

/** Mail that was paid for and did not reach the mailbox because a process died in between. */
export async function deliverMissed({ logs, ledger }: Pick<StoreParts, 'logs' | 'ledger'>): Promise<void> {
  const { sent } = ledger.fold.society.mail;
  if (sent.size === 0 || (await logs.count(MAILBOX)) >= sent.size) return;
  for (const { answer: _, ...mail } of sent.values()) await logs.append(MAILBOX, mail);
}
