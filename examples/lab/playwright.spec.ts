import { expect } from '@playwright/test';
import { labTest } from 'dps-rehearsal/playwright';
import { register } from './device';

labTest('the lab names the check that refused the device', async ({ lab }) => {
  const { registrationId } = lab.keys.firstDevice!;
  await expect(register(lab, registrationId, 'd3Jvbmc=')).rejects.toThrow();
  const [decision] = await lab.decisions(registrationId);
  expect(decision?.failed).toBe('token-signature-matches');
});
