import type { Transport } from '../../../core/history/events.ts';
import { SkewedClock, type Clock } from '../../../core/time/clock.ts';
import { Random } from '../../../core/random.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { Device } from '../../../sim/devices/device.ts';
import type { KeyStore } from '../../../sim/key-stores/key-store.ts';
import { idScope } from '../../mocks/clients/open-cloud.ts';

type Conditions = ConstructorParameters<typeof Device>[1];

/** Returns a device `meter` that registers with a symmetric key and does not retry. */
export function keyDevice(
  transport: Transport,
  clock: Clock,
  key: Buffer,
  conditions: Pick<Conditions, 'trustStore' | 'assigned'>,
): Device {
  return new Device(
    {
      name: 'meter',
      attestation: 'symmetricKey',
      transport,
      boot: 'always-register',
      ntp: true,
      checksServerValidity: true,
      retry: 'none',
      credential: 'own',
      csrName: undefined,
      random: new Random('meter'),
      clock: new SkewedClock(clock),
      keyStore: 'file',
      // The device has its key in the flash and makes no other key, so it needs no key store.
      keys: undefined as unknown as KeyStore,
      namedByChip: false,
    },
    {
      registrationId: 'meter',
      flash: { config: { idScope, endpoint: globalEndpoint }, symmetricKey: key },
      ...conditions,
    },
  );
}
