import { problems, type Problem } from '../../../core/wire/problems.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { DeviceCall } from '../device-call.ts';

/** Returns the refusal of a missing or bad token. The error code depends on the protocol: see the switch `badTokenNumber`. */
export function badToken({ transport }: Pick<DeviceCall, 'transport'>, { badTokenNumber }: FidelitySettings): Problem {
  const number = badTokenNumber === 'by-transport' ? (transport === 'https' ? '401002' : '401000') : badTokenNumber;
  return number === '401002' ? problems.unauthorizedAccess : problems.unauthorized;
}
