import { deriveDeviceKey as derive } from '../../core/wire/sas.ts';

/** Returns the symmetric key of a device of an enrollment group. @param groupKey primary or secondary key of the group, in base64. */
export function deriveDeviceKey(groupKey: string, registrationId: string): string {
  return derive(Buffer.from(groupKey, 'base64'), registrationId).toString('base64');
}
