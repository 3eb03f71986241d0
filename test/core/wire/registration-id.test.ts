import { describe, expect, test } from 'vitest';
import { isRegistrationId, registrationKey } from '../../../core/wire/registration-id.ts';

describe('a registration ID', () => {
  test.each([
    ['a'],
    ['7'],
    ['-'],
    ['dev-1'],
    ['Dev_1'],
    ['a.b:c-d_e'],
    ['sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6'],
    ['ends-in-dash-'],
    ['x'.repeat(128)],
  ])('is valid: %s', (text) => {
    expect(isRegistrationId(text)).toBe(true);
  });

  test.each([
    [''],
    ['x'.repeat(129)],
    ['ends.'],
    ['ends_'],
    ['ends:'],
    ['a b'],
    ['a/b'],
    ['a%2Fb'],
    ['größe'],
    ['a\n'],
    ['a\0'],
    ['a+b'],
    ['a#'],
    ['../etc'],
    ['a\u202Eb'],
  ])('is invalid: %j', (text) => {
    expect(isRegistrationId(text)).toBe(false);
  });

  test('has the same lookup key in upper and in lower case', () => {
    expect(registrationKey('Thermostat-07')).toBe(registrationKey('thermostat-07'));
    expect(registrationKey('thermostat-07')).not.toBe(registrationKey('thermostat-70'));
  });
});
