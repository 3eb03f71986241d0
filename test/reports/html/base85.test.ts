import { expect, test } from 'vitest';
import { fromBase85, toBase85 } from '../../../reports/html/base85.ts';

/** Returns `length` octets, which have every value in a changing order. */
function octetsOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 167 + Math.floor(index / 256)) % 256);
}

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 1023])('base85 encodes and decodes %i octets without a change', (length) => {
  const text = toBase85(octetsOf(length));
  expect(text).toHaveLength(length + Math.ceil(length / 4));
  expect(text).not.toMatch(/[<>&$"'\\\s]/);
  expect([...fromBase85(text)]).toEqual([...octetsOf(length)]);
});

test.each([
  [[0, 0, 0, 0], '00000'],
  [[255, 255, 255, 255], undefined],
  [[255], undefined],
  [[255, 255, 255], undefined],
])('base85 encodes and decodes the octets %j without a change', (octets, text) => {
  const written = toBase85(Uint8Array.from(octets));
  if (text !== undefined) expect(written).toBe(text);
  expect([...fromBase85(written)]).toEqual(octets);
});
