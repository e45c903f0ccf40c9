import type { StepResult, Task } from '@vivarium/core';

/** Shares of its budget that a task keeps for itself: it asks for the breakdown, puts the results together and is reviewed. */
const OWN_SHARES = 2;
const MICRO = 1_000_000;

/** The task with the part of its budget that its steps may spend together. */
export function withoutOwnShare(task: Task, steps: number): Task {
  const max_budget = floor((task.max_budget * steps) / (steps + OWN_SHARES));
  return { ...task, max_budget, min_budget: Math.min(task.min_budget, max_budget) };
}

/** What a task that was broken down may spend on its own calls. */
export const ownShareUsd = (task: Task, steps: number): number => task.max_budget - withoutOwnShare(task, steps).max_budget;

const floor = (usd: number): number => Math.floor(usd * MICRO + 1e-6) / MICRO;

const LONG_CHARS = 600;
/** So many of a long result's words must stand in an answer that has it in other words. */
const SAID_SHARE = 0.8;

/**
 * A task's answer with every step's result in it: what the answer left out stands behind it, so nothing that was done,
 * checked and paid for is lost.
 */
export function completed(answer: string, results: readonly StepResult[]): string {
  const missing = results.filter(({ output }) => output.trim() !== '' && !says(answer, output));
  if (missing.length === 0) return answer;
  const parts = missing.map(({ prompt, output }) => `### ${oneLine(prompt)}\n\n${output.trim()}`);
  return [answer.trim(), '## Results of the steps', ...parts].join('\n\n');
}

function says(answer: string, output: string): boolean {
  if (flat(answer).includes(flat(output))) return true;
  if (output.length < LONG_CHARS) return false;
  const said = new Set(wordsIn(answer));
  const words = [...new Set(wordsIn(output))];
  return words.filter((word) => said.has(word)).length >= words.length * SAID_SHARE;
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();
const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
