import { expect, test, type TestAPI } from 'vitest';
import { failedCheckOf, lastDecisionText } from './last-decision.ts';
import type { Lab, LabOptions } from './lab.ts';
import { startLab } from './start-lab.ts';

/** The fixtures of `labTest`. */
export interface LabFixtures {
  /** Options for `startLab`. Default: one group, `devices`, with a symmetric key. */
  readonly labOptions: LabOptions;
  /** The lab of this test. It ends with the test. */
  readonly lab: Lab;
}

/**
 * A vitest test with its own lab:
 *
 *     labTest('the device registers', async ({ lab }) => { … });
 *
 * `labTest.extend({ labOptions: { file: 'lab.yaml' } })` starts the lab from a file.
 */
export const labTest: TestAPI<LabFixtures> = test.extend<LabFixtures>({
  labOptions: {},
  lab: async ({ labOptions }, use) => {
    await using lab = await startLab(labOptions);
    await use(lab);
  },
});

expect.extend({
  async toHaveAssigned(lab: Lab, registrationId: string, hub?: string) {
    const registration = await lab.registration(registrationId);
    const { status = 'none', assignedHub } = registration ?? {};
    const isHub = hub === undefined || assignedHub === (lab.hosts.hubs[hub] ?? hub);
    const last = lastDecisionText(await lab.decisions(registrationId));
    return {
      pass: status === 'assigned' && isHub,
      message: () =>
        `expected ${registrationId} ${this.isNot ? 'not ' : ''}to be assigned to ${hub ?? 'a hub'}; its registration has status ${status}${assignedHub === undefined ? '' : ` at ${assignedHub}`}. ${last}`,
    };
  },
  async toHaveRefused(lab: Lab, registrationId: string, check?: string) {
    const decisions = await lab.decisions(registrationId);
    const failed = failedCheckOf(decisions);
    return {
      pass: failed !== undefined && (check === undefined || failed === check),
      message: () =>
        `expected ${registrationId} ${this.isNot ? 'not ' : ''}to be refused by ${check ?? 'a check'}. ${lastDecisionText(decisions)}`,
    };
  },
});

/** The matchers for a lab. Both are asynchronous: `await expect(lab).toHaveAssigned('first-device')`. */
interface LabMatchers<Result = unknown> {
  /**
   * Passes if the registration is assigned. @param hub name in the lab file, or host name, of the hub to which the device must be assigned.
   * Default: any hub.
   */
  toHaveAssigned(registrationId: string, hub?: string): Promise<Result>;
  /** Passes if the last decision refused the device. @param check requires that this check failed. */
  toHaveRefused(registrationId: string, check?: string): Promise<Result>;
}

declare module 'vitest' {
  // The type parameter must have the name that vitest gives it.
  // oxlint-disable-next-line typescript/no-explicit-any -- a declaration that is merged must repeat vitest's default
  interface Matchers<T = any> extends LabMatchers<T> {}
}
