import { inventionWitness, outputWitness } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import corpus from '../fixtures/answers.json' with { type: 'json' };

const faultOf = ({ task, answer }: { task: string; answer: string }): string | undefined => {
  const output = outputWitness(answer, task);
  return output.passed ? inventionWitness(answer, task)?.detail : output.detail;
};

describe('phase 2: the words of an answer', () => {
  it('give away refusals, nothings, mere plans and invented output, and no honest answer', () => {
    const missed = corpus.liars.filter((one) => faultOf(one) === undefined);
    const blamed = corpus.honest.flatMap((one) => {
      const fault = faultOf(one);
      return fault === undefined ? [] : [{ ...one, fault }];
    });
    const rate = (part: number, whole: number) => `${part} of ${whole}`;
    process.stdout.write(
      `words: missed ${rate(missed.length, corpus.liars.length)}, false ${rate(blamed.length, corpus.honest.length)}\n`,
    );
    expect(missed).toEqual([]);
    expect(blamed).toEqual([]);
  });

  it('are judged in no time, whatever somebody writes', () => {
    const parts = [
      "i'm afraid that ",
      'I would ',
      '- a\n\n',
      'no ',
      'sorry, ',
      '<a>',
      '1. ',
      'to do, ',
      'I ran ',
      '12 of ',
      'a/',
      '`',
      '"',
      '> ',
      '[tool',
    ];
    const texts = parts.flatMap((part) => [part.repeat(30), part.repeat(250), part.repeat(20_000)]);
    const began = performance.now();
    for (const answer of texts) faultOf({ task: 'Check it', answer });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
