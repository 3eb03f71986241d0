import type { EnrollmentGroup } from '../../../core/wire/enrollment.ts';
import { reference } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld } from '../../world/world.ts';
import { requireGroup } from './require-group.ts';

/** Arguments that select the enrollments of devices, or one enrollment group. */
export const enrollmentWords = {
  device: reference('device', 'Device or fleet whose individual enrollments change.').optional(),
  group: reference('group', 'Enrollment group that changes.').optional(),
};

/** The enrollments that the arguments of a step select. */
export interface NamedEnrollments {
  readonly device?: string | undefined;
  readonly group?: string | undefined;
}

/** Returns the problem of arguments that name neither a device nor a group, or undefined if they name one of them or both. */
export function namesNoEnrollment({ device, group }: NamedEnrollments): string | undefined {
  if ((device ?? group) !== undefined) return undefined;
  return 'neither `device` nor `group` is given; add the one whose enrollment changes';
}

/**
 * Makes the same change to each enrollment that a step selects.
 * @param sentence the change as the history states it, such as `is disabled`.
 * @throws StepProblem if the device or group has no enrollment or DPS rejects the change.
 */
export async function changeEnrollments(
  { cloud: { operator }, devices, tell }: StepWorld<'cloud' | 'devices'>,
  step: string,
  named: NamedEnrollments,
  change: Partial<Pick<EnrollmentGroup, 'hubs' | 'provisioningStatus'>>,
  sentence: string,
): Promise<void> {
  const { device: name, group } = named;
  if (group !== undefined) {
    const changed = operator.putEnrollmentGroup({ ...requireGroup(operator, group), ...change });
    mustSucceed(changed, `DPS rejects the change of group "${group}"`);
    tell('cloud-operator', group, `the group ${sentence}`);
  }
  for (const device of name === undefined ? [] : devices.select(name)) {
    const enrollment = operator.enrollment(await knownRegistrationId(device));
    if (enrollment === undefined) {
      throw new StepProblem(`${device.name} has no individual enrollment; put enroll before ${step}`, {
        stepsBefore: [{ enroll: name }],
      });
    }
    mustSucceed(operator.putEnrollment({ ...enrollment, ...change }), `DPS rejects the change for ${device.name}`);
    tell('cloud-operator', device.name, `its enrollment ${sentence}`);
  }
}
