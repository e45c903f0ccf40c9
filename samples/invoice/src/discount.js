import { share } from './money.js';

/** From which subtotal on how many percent are saved, the largest first. See docs/rules.md. */
const STEPS = [
  { from: 500_00, percent: 10 },
  { from: 100_00, percent: 5 },
];

/** What an order saves, in cents. */
export function discount(subtotal) {
  const step = STEPS.find(({ from }) => subtotal > from);
  return step ? share(subtotal, step.percent) : 0;
}
