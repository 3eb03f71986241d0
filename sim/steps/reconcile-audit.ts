import { z } from 'zod';
import type { Reconciliation } from '../../core/reconciliation.ts';
import { registrationKey } from '../../core/registration-id.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../scenario/words.ts';
import { StepProblem, type World } from '../world.ts';
import { knownRegistrationId } from './registration-id.ts';

/** Somebody holds three lists against each other: what the service knows, what the audit trail says, and the books. */
export const reconcileAudit = defineStep({
  name: 'reconcile-audit',
  summary: 'The devices that the service knows are held against the audit trail and the books of the line.',
  judges: true,
  shorthand: 'station',
  args: z.strictObject({
    station: reference('station', 'Station that wrote the trail.').optional(),
    group: reference('group', 'Look only at devices that this group let in.').optional(),
  }),
  needs: () => ({ service: true }),
  run: async (world, { station, group }) => {
    const trail = station === undefined ? undefined : world.factory.trails.get(station);
    if (trail === undefined) {
      throw new StepProblem(`${station ?? 'no station'} has written no audit trail; put produce with audit before`);
    }
    const found = await compare(world, new Set(trail.records().map(({ registrationId }) => registrationId)), group);
    world.history.record({ kind: 'reconciled', ...found });
    const trace = world.history.trace('auditor', station ?? '', 'audit trail');
    const faults = [
      ...tell('in no books of a line', found.overproduced),
      ...tell('in no audit trail', found.unaudited),
      ...tell('scrapped or rejected, but known to the service', found.scrapped),
    ];
    const expected = `${trail.records().length} identities in the trail, and all of them in the books`;
    trace.check('audit-matches', faults.length === 0, expected, faults.join('; ') || 'no differences');
    world.history.record({ kind: 'decision', ...trace.decision() });
  },
});

async function compare(world: World, audited: ReadonlySet<string>, group: string | undefined): Promise<Reconciliation> {
  const { factory, cloud, devices } = world;
  const inBooks = keys(factory.books);
  const inTrail = keys(audited);
  const stopped: string[] = [];
  for (const name of factory.stopped.keys()) {
    const device = devices.get(name);
    if (device !== undefined) stopped.push(await knownRegistrationId(device));
  }
  const isStopped = keys(stopped);
  const known = cloud.operator
    .provisioned()
    .filter((one) => group === undefined || one.enrollmentGroupId === group)
    .map(({ registrationId }) => registrationId);
  return {
    overproduced: [...audited].filter((id) => !inBooks.has(registrationKey(id))),
    unaudited: known.filter((id) => !inTrail.has(registrationKey(id))),
    scrapped: known.filter((id) => isStopped.has(registrationKey(id))),
  };
}

function keys(ids: Iterable<string>): ReadonlySet<string> {
  return new Set([...ids].map(registrationKey));
}

function tell(what: string, ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [] : [`${what}: ${ids.join(', ')}`];
}
