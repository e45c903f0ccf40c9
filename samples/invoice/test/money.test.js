import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, parse, share } from '../src/money.js';

test('cents are shown with groups of three', () => {
  assert.equal(format(123_456), '1,234.56');
  assert.equal(format(-5), '-0.05');
});

test('what is shown can be read again', () => {
  for (const cents of [0, 1, 99, 100, 123_456, -123_456]) assert.equal(parse(format(cents)), cents);
});

test('what is no amount is refused', () => {
  assert.throws(() => parse('12.345'), RangeError);
  assert.throws(() => parse('twelve'), RangeError);
});

test('half a cent is rounded up', () => {
  assert.equal(share(10, 5), 1);
  assert.equal(share(9, 5), 0);
});
