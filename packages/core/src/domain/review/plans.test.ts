import { describe, expect, it } from 'vitest';
import { onlyPlans } from './plans.ts';

const LATER = 'I will first look at the commits. Then I will write a draft.';
const HEADED = 'My plan:\n- Collect the material\n- Write a draft';
const ORDERS = '1. Gather the changes\n2. Sort the list\n3. Write the text';

describe('a plan', () => {
  it.each([
    'Write the release notes',
    'Write the release notes for version 2.4',
    'Write the meeting notes',
    'Write the announcement',
    'Write a commit message for the new parser',
    'Draft the steps we took',
    'List the steps that were taken after the outage',
    'Summarize the plan of the city',
    'Write a report on how the plan failed',
    'Write the blog post about our approach',
    'Describe the planet Mars',
    'Write the minutes of the planning meeting',
    'Write the changelog of the scheduler',
    'Write a letter to Ann',
  ])('is no work for: %s', (task) => {
    for (const answer of [LATER, HEADED]) expect([answer, onlyPlans(answer, task)]).toEqual([answer, true]);
  });

  it.each(['Write the release notes', 'Write a report on how sales grew', 'Write the announcement of the planned move'])(
    'is none as a list of orders either: %s',
    (task) => expect(onlyPlans(ORDERS, task)).toBe(true),
  );

  it.each([
    'Make a plan for a book',
    'Write a project plan for the new parser',
    'Please draft a proposal for the harbour',
    'Give me a step-by-step plan to learn Spanish',
    'Propose an approach to the cleanup',
    'Outline an essay on bees',
    'Plan my week',
    'How would you approach the refactoring?',
    'What would you do first?',
    'We lost the key. Write a plan to find it.',
    'Create a to-do list for the move',
    'List the steps to bake a cake',
  ])('is the work for: %s', (task) => {
    for (const answer of [LATER, HEADED, ORDERS]) expect([answer, onlyPlans(answer, task)]).toEqual([answer, false]);
  });

  it.each(['I will write the plan now.', 'Understood. I will prepare the outline. I will share the plan soon.'])(
    'may not be put off itself: %s',
    (answer) => expect(onlyPlans(answer, 'Write a plan for the garden')).toBe(true),
  );

  it.each([
    ['Explain how to prepare for an interview', '1. Research the company\n2. Prepare questions\n3. Review your notes'],
    ['Write a note to my landlord', 'I will send the keys on Monday.'],
    ['Write a message asking for patience', 'I will look into it and get back to you tomorrow.'],
    ['Write release notes for 1.2', 'Added dark mode. Fixed the login.'],
    ['Write the announcement of our move', 'We will move to Berlin in May.'],
  ])('is not what looks like one: %s', (task, answer) => expect(onlyPlans(answer, task)).toBe(false));
});
