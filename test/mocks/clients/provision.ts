import { poll, register, type Shown } from './device-wire.ts';
import type { OpenCloud } from './open-cloud.ts';

/** Registers over HTTPS, polls once and returns the final registration state. The cloud must assign without delay. */
export async function provision(open: OpenCloud, id: string, shown: Shown): Promise<Provisioned> {
  const accepted = await register(open.cloud, id, shown);
  const done = await poll(open.cloud, id, accepted.body?.['operationId'], shown);
  const state = done.body?.['registrationState'] as Readonly<Record<string, unknown>> | undefined;
  return { answers: [accepted.status, done.status], status: done.body?.['status'], state: state ?? {} };
}

interface Provisioned {
  readonly answers: readonly number[];
  readonly status: unknown;
  readonly state: Readonly<Record<string, unknown>>;
}
