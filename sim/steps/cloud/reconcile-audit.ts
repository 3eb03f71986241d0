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

/** Compares three lists: the devices that DPS knows, the audit trail and the production records. */
export const reconcileAuditStep = defineStep({
  name: 'reconcile-audit',
  summary:
    'An auditor compares the devices that DPS knows with the audit trail and the production records of the line.',
  judges: true,
  shorthand: 'station',
  args: z.strictObject({
    station: reference('station', 'Station that wrote the audit trail.').optional(),
    group: reference('group', 'Compare only devices that registered through this group.').optional(),
  }),
  uses: ['cloud', 'devices', 'factory', 'history'],
  misuse: ({ station }) =>
    station === undefined ? 'no station is given; add the station that writes the audit trail' : undefined,
  needs: () => ({ service: true }),
  run: async (world, { station, group }) => {
    const trail = station === undefined ? undefined : world.factory.trails.get(station);
    if (trail === undefined) {
      throw new StepProblem(
        `station "${station ?? ''}" has written no audit trail; put produce with \`audit: ${station}\` before this step`,
      );
    }
    const lines = trailHandedOut(world, trail.station) ?? [];
    const trace = world.history.trace('auditor', trail.station, 'audit trail');
    const verdict = verifyAudit(`${lines.join('\n')}\n`, trail.publicKey);
    const intact = 'an audit trail unchanged since it was signed';
    const seen = verdict.ok ? intact : `line ${verdict.line}: ${verdict.sentence}`;
    if (!trace.check('audit-trail-intact', verdict.ok, intact, seen)) {
      // The entries of a forged trail prove nothing, so the auditor does not compare them.
      world.history.record({ kind: 'decision', ...trace.decision() });
      return;
    }
    const ids = registrationIdsIn(lines);
    const found = await compare(world, new Set(ids), group);
    world.history.record({ kind: 'reconciled', ...found });
    const faults = [
      ...tell('missing in the production records', found.overproduced),
      ...tell('missing in the audit trail', found.unaudited),
      ...tell('scrapped or rejected, but known to DPS', found.scrapped),
    ];
    const expected = `${ids.length} identities in the trail, all of them in the production records`;
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
