import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { InvalidInputError, inWords, refusalBehind, StorageError } from './index.ts';

const refused = (code: string, syscall = 'open', path: string | undefined = '/w/execution_log.jsonl') =>
  Object.assign(new Error(`${code}: as Node says it`), { code, syscall, ...(path ? { path } : {}) });

describe('a failure in words', () => {
  it.each([
    ['ENOSPC', 'the disk is full', 'Free some disk space'],
    ['EROFS', 'mounted read-only', 'Mount it writable'],
    ['EACCES', 'this user may not', 'access'],
    ['EMFILE', 'as many files open as it may', 'ulimit -n'],
  ])('tells %s as what it is, with the file and what to do', (code, because, fix) => {
    const told = inWords(refused(code));
    expect(told.message).toBe(`/w/execution_log.jsonl: ${told.message.split(': ')[1]}`);
    expect(told.message).toContain(because);
    expect(told.message).toContain(`(${code})`);
    expect(told.fix).toContain(fix);
  });

  it('tells it through whatever failed because of it', () => {
    const cause = new StorageError('The heartbeat could not be written', { cause: refused('EDQUOT'), fix: 'something else' });
    expect(inWords(new StorageError('The worker cannot start', { cause }))).toEqual({
      message: 'The worker cannot start: this user may use no more of the disk (EDQUOT)',
      fix: expect.stringContaining('Free some disk space'),
    });
  });

  it('does not take a watch for the disk', () => {
    expect(inWords(refused('ENOSPC', 'watch')).message).toContain('no more watches');
  });

  it('leaves every other failure its own words', async () => {
    const input = new InvalidInputError('The query', [{ field: 'a', message: 'wrong' }], 'Correct it');
    expect(inWords(input)).toEqual({ message: 'The query: a: wrong', fix: 'Correct it' });
    expect(inWords(new Error('odd'))).toEqual({ message: 'odd' });
    expect(inWords('odd')).toEqual({ message: 'odd' });
    const missing: unknown = await readFile('/nowhere/at/all').catch((error: unknown) => error);
    expect(refusalBehind(missing)).toBeUndefined();
    expect(() => watch('/nowhere/at/all')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
