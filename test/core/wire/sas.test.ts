import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deriveDeviceKey,
  formatSas,
  isAudience,
  isSignedWith,
  parseSas,
  sasStringToSign,
  sasToleranceMs,
  signSas,
} from '../../../core/wire/sas.ts';

// Keys and signatures that Microsoft published in how-to-legacy-device-symm-key and iot-dps-https-sym-key-support.
const groupKey = Buffer.from(
  '8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==',
  'base64',
);
const hubKey = Buffer.from(
  '18RQk/hOPJR9EbsJlk2j8WA6vWaj/yi+oaYg7zmxfQNdOyMSu+SJ8O7TSlZhDJCYmn4rzEiVKIzNiVAWjLxrGA==',
  'base64',
);

describe('the SAS code reproduces an example of the Azure documentation', () => {
  test('for the device key that is derived from a group key', () => {
    const key = deriveDeviceKey(groupKey, 'sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6');
    expect(key.toString('base64')).toBe('Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=');
  });

  test('for the signature of a hub token', () => {
    const sr = 'MyExampleHub.azure-devices.net%2Fdevices%2Fmy-symkey-device';
    expect(sasStringToSign(sr, 1663119026)).toBe(`${sr}\n1663119026`);
    expect(signSas(hubKey, sr, 1663119026)).toBe('f+wW8XOKeJOtiPc9Iwjc4OpExvPM7NlhM9qxN2a1aAM=');
  });
});

test('a token is accepted until five minutes after its expiry', () => {
  expect(sasToleranceMs).toBe(300_000);
});

test('a derived key depends on the case of the registration ID', () => {
  expect(deriveDeviceKey(groupKey, 'Device')).not.toEqual(deriveDeviceKey(groupKey, 'device'));
});

describe('a SAS token', () => {
  const signed = 'sig=f%2BwW8XOKeJOtiPc9Iwjc4OpExvPM7NlhM9qxN2a1aAM%3D';
  const sig = 'f+wW8XOKeJOtiPc9Iwjc4OpExvPM7NlhM9qxN2a1aAM=';

  test.each([
    [
      'as Node writes it with a key',
      `sr=0ne1/registrations/d&${signed}&skn=registration&se=17`,
      '0ne1/registrations/d',
    ],
    [
      'as Node writes it with a TPM',
      `sr=0ne1%2Fregistrations%2Fd&${signed}&se=17&skn=registration`,
      '0ne1%2Fregistrations%2Fd',
    ],
    [
      'with the fields the other way round',
      `skn=registration&se=17&${signed}&sr=0ne1%2fregistrations%2fd`,
      '0ne1%2fregistrations%2fd',
    ],
  ])('%s is parsed, and its field `sr` is not changed', (_name, fields, sr) => {
    expect(parseSas(`SharedAccessSignature ${fields}`)).toEqual({ sr, sig, se: 17, skn: 'registration' });
  });

  test('of a hub device has no key name', () => {
    expect(parseSas(`SharedAccessSignature sr=h&${signed}&se=17`)).toEqual({ sr: 'h', sig, se: 17 });
  });

  test('with an empty `skn` has no key name', () => {
    expect(parseSas(`SharedAccessSignature sr=h&${signed}&se=17&skn=`)).toEqual({ sr: 'h', sig, se: 17 });
  });

  test.each([
    ['nothing', ''],
    ['another scheme', `Bearer sr=h&${signed}&se=17`],
    ['no sr', `SharedAccessSignature ${signed}&se=17`],
    ['no sig', 'SharedAccessSignature sr=h&se=17'],
    ['no se', `SharedAccessSignature sr=h&${signed}`],
    ['an empty se', `SharedAccessSignature sr=h&${signed}&se=`],
    ['a negative se', `SharedAccessSignature sr=h&${signed}&se=-17`],
    ['a broken se', `SharedAccessSignature sr=h&${signed}&se=17.5`],
    ['an se in hex', `SharedAccessSignature sr=h&${signed}&se=0x11`],
    ['an se that is no number', `SharedAccessSignature sr=h&${signed}&se=soon`],
    ['an se of 16 digits', `SharedAccessSignature sr=h&${signed}&se=1234567890123456`],
    ['a sig with a bad escape', 'SharedAccessSignature sr=h&sig=%ZZ&se=17'],
    ['9 KB of it', `SharedAccessSignature sr=${'h'.repeat(9000)}&${signed}&se=17`],
  ])('with %s is refused', (_name, text) => {
    expect(parseSas(text)).toBeUndefined();
  });

  test('with any content can be formatted and parsed again', () => {
    const token = fc.record({
      sr: fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019-._:/%2F')), minLength: 1 }),
      sig: fc.base64String({ minLength: 4, maxLength: 60 }),
      se: fc.integer({ min: 0, max: 999_999_999_999_999 }),
      skn: fc.constantFrom('registration', 'iothubowner'),
    });
    fc.assert(
      fc.property(token, (given) => {
        expect(parseSas(formatSas(given))).toEqual(given);
      }),
      { numRuns: 150, seed: 20261124 },
    );
  });

  test('of any text is parsed or refused, and parsing never throws', () => {
    const parts = fc.array(fc.oneof(fc.constantFrom('sr=', 'sig=', 'se=', 'skn=', '&', '%', '=', '1'), fc.string()));
    fc.assert(
      fc.property(parts, (words) => {
        const token = parseSas(`SharedAccessSignature ${words.join('')}`);
        if (token !== undefined) {
          expect(isSignedWith(token, hubKey)).toBe(false);
          expect(isAudience(token.sr, '0ne1/registrations/d')).toBe(false);
        }
      }),
      { numRuns: 200, seed: 20261124 },
    );
  });
});

describe('the signature of a SAS token', () => {
  const sr = '0ne1/registrations/d';
  const token = { sr, sig: signSas(hubKey, sr, 17), se: 17 };

  test('is valid for its key and for no other key', () => {
    expect(isSignedWith(token, hubKey)).toBe(true);
    expect(isSignedWith(token, groupKey)).toBe(false);
    expect(isSignedWith(token, Buffer.alloc(0))).toBe(false);
  });

  test.each([
    ['another expiry', { ...token, se: 18 }],
    ['another resource', { ...token, sr: '0ne1/registrations/e' }],
    ['the same resource, otherwise written', { ...token, sr: '0ne1%2Fregistrations%2Fd' }],
    ['an empty signature', { ...token, sig: '' }],
    ['half a signature', { ...token, sig: token.sig.slice(0, 20) }],
    [
      'a longer signature',
      { ...token, sig: Buffer.concat([Buffer.from(token.sig, 'base64'), Buffer.alloc(1)]).toString('base64') },
    ],
  ])('is invalid for %s', (_name, changed) => {
    expect(isSignedWith(changed, hubKey)).toBe(false);
  });
});

describe('the check of the audience of a SAS token', () => {
  const resource = '0ne00AB/registrations/Dev-1';

  test.each([
    ['0ne00AB/registrations/Dev-1'],
    ['0ne00AB%2Fregistrations%2FDev-1'],
    ['0ne00AB%2fregistrations%2fDev-1'],
    ['0ne00ab%2fregistrations%2fdev-1'],
  ])('accepts %s', (sr) => {
    expect(isAudience(sr, resource)).toBe(true);
  });

  test.each([
    [''],
    ['0ne00AB/registrations/Dev-2'],
    ['0ne00AB/registrations'],
    ['0ne00AB/registrations/Dev-1/'],
    ['0ne00AB%2registrations'],
    ['%E0%A4%A'],
    ['0ne00AB%252Fregistrations%252FDev-1'],
  ])('rejects %j', (sr) => {
    expect(isAudience(sr, resource)).toBe(false);
  });
});
