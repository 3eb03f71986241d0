import { expect, test } from 'vitest';
import { derOfPem, pemBlocks, toPem } from '../../../core/x509/der/pem.ts';

const [one, two] = [toPem(Buffer.from('one')), toPem(Buffer.from('two'))];

test('the PEM parser reads certificates in order and ignores other text', () => {
  const blocks = pemBlocks(`subject=/CN=one\n${one}issuer: two\r\n\r\n${two}`);
  expect(blocks.map((block) => derOfPem(block)?.toString())).toEqual(['one', 'two']);
  expect(`${blocks.join('\n')}\n`).toBe(one + two);
});

test('the PEM parser reads no certificate if the BEGIN or END line is missing', () => {
  expect(pemBlocks('-----BEGIN CERTIFICATE-----\nAAAA')).toEqual([]);
  expect(pemBlocks('-----END CERTIFICATE-----\nAAAA')).toEqual([]);
  expect(derOfPem(`-----BEGIN CERTIFICATE-----\n${one}`)?.toString()).toBe('one');
  expect(derOfPem(`-----END CERTIFICATE-----\n${one}`)?.toString()).toBe('one');
});

test('the PEM parser skips a block that is not base64', () => {
  expect(derOfPem(`-----BEGIN CERTIFICATE-----\n(none)\n-----END CERTIFICATE-----\n${two}`)?.toString()).toBe('two');
});
