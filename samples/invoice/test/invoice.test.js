import assert from 'node:assert/strict';
import { test } from 'node:test';
import { totals } from '../src/invoice.js';

test('lines are added up', () => {
  const lines = [{ quantity: 2, unit: 15_00 }, { quantity: 1, unit: 4_50 }];
  assert.deepEqual(totals(lines, 0), { subtotal: 34_50, saved: 0, net: 34_50, tax: 0, total: 34_50 });
});

test('large orders save, and tax is taken of the rest', () => {
  const lines = [{ quantity: 4, unit: 50_00 }];
  assert.deepEqual(totals(lines, 20), { subtotal: 200_00, saved: 10_00, net: 190_00, tax: 38_00, total: 228_00 });
});

test('the largest step counts alone', () => {
  assert.equal(totals([{ quantity: 1, unit: 600_00 }], 0).saved, 60_00);
});

test('an empty invoice comes to nothing', () => {
  assert.equal(totals([], 20).total, 0);
});
