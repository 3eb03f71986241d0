import { problems, type Problem } from '../../../core/wire/problems.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { DeviceCall } from '../device-call.ts';

/**
 * Returns the problem for a missing or bad token. The switch `badTokenNumber` decides whether the error code depends on the
 * protocol.
 */
export function badToken({ transport }: Pick<DeviceCall, 'transport'>, { badTokenNumber }: FidelitySettings): Problem {
  const number = badTokenNumber === 'by-transport' ? (transport === 'https' ? '401002' : '401000') : badTokenNumber;
  return number === '401002' ? problems.unauthorizedAccess : problems.unauthorized;
}
