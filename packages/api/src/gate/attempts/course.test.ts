import { describe, expect, it } from 'vitest';
import { CallFailure, type Part } from '../call/call-failure.ts';
import type { Profile } from '../client/profile.ts';
import { Course, type Facts } from './course.ts';

const full: Profile = { temperature: true, limit: 'max_tokens', schema: 'strict', tools: true, effort: true, stream: true };
const schema = { name: 's', schema: { type: 'object' } };
const tools = [{ name: 't', description: '', parameters: {} }];
const facts = (more: Partial<Facts> = {}): Facts => ({
  model: 'm',
  profile: full,
  parts: { schema, tools, effort: 'low', free: false },
  replaceable: false,
  limit_tokens: 1_000,
  most_tokens: 10_000,
  ...more,
});
const bad = (words: string, ...named: Part[]) => new CallFailure('invalid_request', words, { named });

describe('the way of a call', () => {
  it('leaves out the part that the words name', () => {
    const course = new Course();
    expect(course.after(bad('temperature', 'temperature'), facts())).toBe('changed');
    expect(course.trial).toEqual({ profile: { ...full, temperature: false }, named: true });
  });

  it('lowers a schema step by step, and calls the limit by the name that is asked for', () => {
    const course = new Course();
    course.after(bad('response_format', 'schema'), facts());
    expect(course.trial?.profile.schema).toBe('json');
    course.after(bad('response_format', 'schema'), facts({ profile: course.trial?.profile ?? full }));
    expect(course.trial?.profile.schema).toBe('words');
    const other = new Course();
    other.after(bad('use max_completion_tokens instead', 'limit'), facts());
    expect(other.trial?.profile.limit).toBe('max_completion_tokens');
  });

  it('leaves out everything that is not needed when nothing is named, once', () => {
    const course = new Course();
    expect(course.after(bad('no'), facts())).toBe('changed');
    const bare = { temperature: false, limit: 'max_tokens', schema: 'words', tools: false, effort: false, stream: false };
    expect(course.trial).toEqual({ profile: bare, named: false });
    expect(course.after(bad('no'), facts({ profile: bare as Profile }))).toBe('give_up');
  });

  it('tries another model only where nobody named this one', () => {
    const unknown = new CallFailure('unknown_model', 'cannot chat');
    expect(new Course().after(unknown, facts())).toBe('give_up');
    const course = new Course();
    expect(course.after(unknown, facts({ replaceable: true }))).toBe('other_model');
    expect([...course.passedOver]).toEqual(['m']);
  });

  it('tries what may pass three times in all, and a cut call never again', () => {
    const course = new Course();
    const away = new CallFailure('unavailable', 'down');
    expect([1, 2, 3].map(() => course.after(away, facts()))).toEqual(['again', 'again', 'give_up']);
    expect(new Course().after(new CallFailure('timeout', 'late'), facts())).toBe('give_up');
  });

  it('gives a model that thought too long more room, up to what it takes', () => {
    const course = new Course();
    const used = new CallFailure('output_limit', 'used up');
    expect(course.after(used, facts())).toBe('changed');
    expect(course.limit_tokens).toBe(4_000);
    expect(course.after(used, facts({ limit_tokens: 4_000 }))).toBe('changed');
    expect(course.limit_tokens).toBe(10_000);
    expect(course.after(used, facts({ limit_tokens: 10_000 }))).toBe('give_up');
  });
});
