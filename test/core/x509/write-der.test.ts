import { expect, test } from 'vitest';
import { readDer, tags } from '../../../core/x509/der/der.ts';
import { readBitOctets, readInteger } from '../../../core/x509/der/der-values.ts';
import { writeBitOctets, writeDer, writeInteger } from '../../../core/x509/der/write-der.ts';

test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])(
  '`writeDer` writes the length of a value of %i octets in the minimal form',
  (size) => {
    const content = Buffer.alloc(size, 0xab);
    const value = readDer(writeDer(tags.octetString, content.subarray(0, size >> 1), content.subarray(size >> 1)), 'x');
    expect(value.tag).toBe(tags.octetString);
    expect(value.content.equals(content)).toBe(true);
  },
);

test.each([
  ['00', '00'],
  ['', '00'],
  ['7f', '7f'],
  ['80', '0080'],
  ['0000ff01', '00ff01'],
])('`writeInteger` writes the octets %s as the positive integer %s', (octets, content) => {
  expect(readInteger(readDer(writeInteger(Buffer.from(octets, 'hex')), 'x'), 'x').toString('hex')).toBe(content);
});

test('`writeBitOctets` writes whole octets without unused bits', () => {
  expect(readBitOctets(readDer(writeBitOctets(Buffer.from('8001', 'hex')), 'x'), 'x').toString('hex')).toBe('8001');
});
