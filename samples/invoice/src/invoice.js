import { discount } from './discount.js';
import { share } from './money.js';

/** Everything that an invoice comes to, in cents. `lines` are `{ quantity, unit }`, `tax` is a percentage. */
export function totals(lines, tax) {
  const subtotal = lines.reduce((sum, { quantity, unit }) => sum + quantity * unit, 0);
  const saved = discount(subtotal);
  const net = subtotal - saved;
  const taxed = share(net, tax);
  return { subtotal, saved, net, tax: taxed, total: net + taxed };
}
