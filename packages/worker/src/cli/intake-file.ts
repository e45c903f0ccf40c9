import { buffer } from 'node:stream/consumers';
import { InvalidInputError, readTextFile, type Task, tasksOfBytes, tasksOfText } from '@vivarium/core';

/** Every task of a file; `-` is stdin. @throws InvalidInputError naming each field, and the line where there is one */
export async function tasksFromFile(file: string): Promise<Task[]> {
  if (file === '-') return tasksOfBytes(await buffer(process.stdin), 'stdin', 'tasks.json');
  const read = readTextFile(file);
  if (read.kind === 'read') return tasksOfText(read.text, file);
  const message = read.kind === 'absent' ? 'does not exist' : read.message;
  const fix = read.kind === 'absent' ? 'Name a readable file, or - for stdin' : read.fix;
  throw new InvalidInputError('--file', [{ field: file, message }], fix);
}
