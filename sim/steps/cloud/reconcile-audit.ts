import { z } from 'zod';
import { registrationIdsIn } from '../../../core/audit/registration-ids-in.ts';
import { verifyAudit } from '../../../core/audit/verify.ts';
import type { Reconciliation } from '../../../core/history/events.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { trailHandedOut } from '../../world/trail-handed-out.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** Somebody holds three lists against each other: what the service knows, what the audit trail says, and the books. */
export const reconcileAuditStep = defineStep({
  name: 'reconcile-audit',
  summary: 'The devices that the service knows are held against the audit trail and the books of the line.',
  judges: true,
  shorthand: 'station',
  args: z.strictObject({
    station: reference('station', 'Station that wrote the trail.').optional(),
    group: reference('group', 'Look only at devices that this group let in.').optional(),
  }),
  uses: ['cloud', 'devices', 'factory', 'history'],
  needs: () => ({ service: true }),
  run: async (world, { station, group }) => {
    const trail = station === undefined ? undefined : world.factory.trails.get(station);
    if (trail === undefined) {
      throw new StepProblem(`${station ?? 'no station'} has written no audit trail; put produce with audit before`);
    }
    const lines = trailHandedOut(world, trail.station) ?? [];
    const trace = world.history.trace('auditor', trail.station, 'audit trail');
    const verdict = verifyAudit(`${lines.join('\n')}\n`, trail.publicKey);
    const seen = verdict.ok ? 'untouched' : `line ${verdict.line}: ${verdict.sentence}`;
    if (!trace.check('audit-trail-intact', verdict.ok, 'as it was written', seen)) {
      // Nothing is compared with what somebody else has written.
      world.history.record({ kind: 'decision', ...trace.decision() });
      return;
    }
    const ids = registrationIdsIn(lines);
    const found = await compare(world, new Set(ids), group);
    world.history.record({ kind: 'reconciled', ...found });
    const faults = [
      ...tell('in no books of a line', found.overproduced),
      ...tell('in no audit trail', found.unaudited),
      ...tell('scrapped or rejected, but known to the service', found.scrapped),
    ];
    const expected = `${ids.length} identities in the trail, and all of them in the books`;
    trace.check('audit-matches', faults.length === 0, expected, faults.join('; ') || 'no differences');
    world.history.record({ kind: 'decision', ...trace.decision() });
  },
});

async function compare(
  world: Pick<World, 'cloud' | 'devices' | 'factory'>,
  audited: ReadonlySet<string>,
  group: string | undefined,
): Promise<Reconciliation> {
  const { factory, cloud, devices } = world;
  const inBooks = keys(factory.books);
  const inTrail = keys(audited);
  const stopped: string[] = [];
  for (const name of factory.stopped.keys()) {
    const device = devices.byName.get(name);
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
