import { deriveDeviceKey } from 'dps-rehearsal';
import { labTest } from 'dps-rehearsal/vitest';
import { describe, expect } from 'vitest';
import { register } from './device.ts';

const test = labTest.extend({
  labOptions: { lab: { cloud: { assignment: 'PT0S', enrollmentGroups: { devices: { symmetricKey: true } } } } },
});

describe('the device', () => {
  test('registers with the key that was derived from the key of its group', async ({ lab }) => {
    const key = deriveDeviceKey(lab.keys.groups['devices']!.primaryKey, 'sensor-1');
    expect(await register(lab, 'sensor-1', key)).toBe('assigned');
    await expect(lab).toHaveAssigned('sensor-1', 'hub-eu');
  });

  test('is refused with the key of another device', async ({ lab }) => {
    const key = deriveDeviceKey(lab.keys.groups['devices']!.primaryKey, 'sensor-2');
    await expect(register(lab, 'sensor-1', key)).rejects.toThrow();
    await expect(lab).toHaveRefused('sensor-1', 'token-signature-matches');
  });

  test('still registers after eleven months in the warehouse', async ({ lab }) => {
    const keys = await lab.enroll({ registrationId: 'sensor-1', symmetricKey: true });
    await lab.advance('P11M');
    expect(await register(lab, 'sensor-1', keys!.primaryKey)).toBe('assigned');
  });
});
