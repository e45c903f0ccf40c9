import { executionKey, Identity, Task } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import { commandFor, cycleRequest, failureOf, systemText } from './rules.ts';

const task = (more: object) => Task.parse({ id: 't1', ...more });
const ada = Identity.parse({ id: 'ada', name: 'Ada', attributes: { core: { identity_statement: 'I check twice.' } } });
const around = { attempt: 2, feedback: undefined, identity: ada, resident_id: 'resident_1' };
const problem = (status: number, more: object = {}) => ({
  type: 'about:blank',
  title: 'x',
  status,
  detail: 'it broke',
  code: 'X',
  ...more,
});

describe('the call for a task', () => {
  it('sends the task’s own words alone as the prompt; everything else stands before them', () => {
    const feedback = { issues: ['the total is missing'], suggestions: ['add it'] };
    const body = cycleRequest(task({ prompt: 'Sum up' }), { ...around, feedback });
    expect(body.prompt).toBe('Sum up');
    expect(body.system).toContain('Ada');
    expect(body.system).toContain('the total is missing');
    expect(body).toMatchObject({ mode: 'llm', execution_key: 't1#2', purpose: 'task', identity_id: 'ada', max_budget: 0.1 });
    expect(body).not.toHaveProperty('model');
  });

  it('asks for JSON under the task’s own schema', () => {
    const body = cycleRequest(task({ prompt: 'List', output_schema: { type: 'array' } }), around);
    expect(body.answer_schema).toEqual({ name: 'task_answer', schema: { type: 'array' } });
  });

  it('sends a command as a command', () => {
    const local = cycleRequest(task({ command: 'ls', mode: 'local' }), around);
    expect(local).toMatchObject({ mode: 'local', task: 'ls' });
    expect(local).not.toHaveProperty('system');
  });

  it('says nothing about a former answer in a first attempt', () => {
    expect(systemText(undefined, undefined)).not.toContain('rejected');
    expect(executionKey('a', 1)).toBe('a#1');
  });
});

describe('what a refused call means', () => {
  const where = { task_id: 't1', fingerprint: 'f1', now: new Date('2026-01-01T00:00:00Z') };

  it('is a later try for what may pass, no sooner than asked', () => {
    expect(commandFor(problem(503), where)).toMatchObject({ kind: 'retry_later', max_failures: 5 });
  });

  it('is a hold with the provider’s fingerprint for what a person must mend', () => {
    const held = commandFor(problem(503, { disposition: 'hold_for_person', fix: 'Set GROQ_API_KEY' }), where);
    expect(held).toMatchObject({ kind: 'hold', hold: { kind: 'provider', provider_fingerprint: 'f1' } });
    expect(held.kind === 'hold' && held.hold.reason).toContain('Set GROQ_API_KEY');
    expect(commandFor(problem(402), where)).toMatchObject({ kind: 'hold', hold: { kind: 'budget' } });
  });

  it('is a block with its report for safety, and a failure for bad input', () => {
    const safety_report = {
      timestamp: '',
      stage: 'api',
      subject: '',
      subject_sha256: '',
      passed: false,
      checks: [],
      blocked_reason: 'no',
    };
    expect(commandFor(problem(403, { disposition: 'block', safety_report }) as never, where)).toMatchObject({
      kind: 'block',
      reason: 'no',
    });
    expect(commandFor(problem(400), where)).toMatchObject({ kind: 'fail' });
  });
});

describe('the end of an execution', () => {
  const result = (more: object) => ({ status: 'completed', exit_code: 0, ...more }) as never;

  it('is decided by the exit code, with the first lines it left', () => {
    expect(failureOf(result({}), 'fine')).toBeUndefined();
    expect(failureOf(result({ exit_code: 2 }), 'cat: nofile: No such file\nmore')).toContain('exit code 2: cat: nofile');
    expect(failureOf(result({ status: 'failed', exit_code: undefined }), '')).toBe('the execution failed');
  });
});
