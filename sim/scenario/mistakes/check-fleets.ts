import type { StepKind } from '../../steps/define-step.ts';
import type { ScenarioHead } from '../schema.ts';
import { isNumbers } from '../words/fleet-words.ts';
import type { FoundMistake } from './issue-sentence.ts';
import { checkReferences, type Names } from './references.ts';

/**
 * Finds settings of the cloud and of renewals that a fleet with `tier: numbers` does not support, because their effect depends on single
 * requests.
 */
export function checkFleetCloud({ cloud, devices, pki }: ScenarioHead): readonly FoundMistake[] {
  const fleets = Object.keys(devices).filter((name) => isNumbers(devices[name]?.fleet));
  const [fleet] = fleets;
  if (fleet === undefined) return [];
  const mistakes: FoundMistake[] = cloud.faults.flatMap(({ device, nth, count, rate }, index) => {
    const path = ['cloud', 'faults', index];
    if (device !== undefined && fleets.includes(device)) {
      const message = `the fleet ${device} is simulated as numbers, but a fault of one device needs a connection; remove \`device\`, so that the fault affects all devices`;
      return [{ path: [...path, 'device'], message }];
    }
    const words = Object.entries({ nth, count, rate }).filter(([, value]) => value !== undefined);
    return words.map(([word]) => ({
      path: [...path, word],
      message: `\`${word}\` needs single requests, but the fleet ${fleet} is simulated as numbers; use \`from\` and \`to\``,
    }));
  });
  const { fidelity } = cloud;
  for (const [word, value] of Object.entries({ pollsAsOperations: 'counted', concurrentRegistration: 'conflict' })) {
    if ((fidelity as Readonly<Record<string, unknown>>)[word] !== value) continue;
    const message = `${word}: ${value} is not available, because the fleet ${fleet} is simulated as numbers; remove this fidelity switch or \`fleet:\``;
    mistakes.push({ path: ['cloud', 'fidelity', word], message });
  }
  if (cloud.webhook !== undefined) {
    const message = `DPS calls a webhook once per device, but the fleet ${fleet} is simulated as numbers; remove the webhook or \`fleet:\``;
    mistakes.push({ path: ['cloud', 'webhook'], message });
  }
  for (const name of fleets) {
    const { renewal, attestation } = devices[name] ?? {};
    const from = renewal?.from ?? '';
    if (pki[from]?.kind === 'third-party') {
      const message = `each device calls the vendor of "${from}", but the fleet ${name} is simulated as numbers; renew from a CA of the manufacturer, or write \`from: dps\``;
      mistakes.push({ path: ['devices', name, 'renewal', 'from'], message });
    }
    if (
      attestation === 'x509' &&
      (cloud.fidelity as { readonly missingIntermediate?: string }).missingIntermediate === 'close'
    ) {
      const message = `missingIntermediate: close is not available, because the fleet ${name} is simulated as numbers; remove this fidelity switch or \`fleet:\``;
      mistakes.push({ path: ['cloud', 'fidelity', 'missingIntermediate'], message });
    }
  }
  return mistakes;
}

/** Finds a fleet with `tier: numbers` in the arguments of a step that works on single devices only. */
export function checkFleetStep(
  kind: StepKind,
  written: unknown,
  {
    fleets,
    names,
    kinds,
  }: { readonly fleets: readonly string[]; readonly names: Names; readonly kinds: readonly StepKind[] },
): readonly FoundMistake[] {
  if (fleets.length === 0) return [];
  if (kind.fleets !== undefined) return unsupportedWords(kind.name, kind.fleets.without, written, fleets);
  const withoutFleets = { ...names, device: names.device.filter((name) => !fleets.includes(name)) };
  const known = checkReferences(kind.args, written, names, () => {});
  const able = kinds.filter((each) => each.fleets !== undefined).map(({ name }) => name);
  return checkReferences(kind.args, written, withoutFleets, () => {})
    .slice(known.length)
    .map(({ path }) => ({
      path,
      message: `${kind.name} works on single devices, but this fleet is simulated as numbers (\`fleet:\`); steps for such fleets are ${able.join(', ')}`,
    }));
}

/** Finds a device with `program` in the arguments of a step that makes a simulated device act. */
export function checkProgramStep(
  kind: StepKind,
  written: unknown,
  {
    programs,
    names,
    kinds,
  }: { readonly programs: readonly string[]; readonly names: Names; readonly kinds: readonly StepKind[] },
): readonly FoundMistake[] {
  if (programs.length === 0 || kind.programs) return [];
  const simulated = { ...names, device: names.device.filter((name) => !programs.includes(name)) };
  const known = checkReferences(kind.args, written, names, () => {});
  const able = kinds.filter((each) => each.registers && each.programs && !each.hostile).map(({ name }) => name);
  return checkReferences(kind.args, written, simulated, () => {})
    .slice(known.length)
    .map(({ path }) => ({
      path,
      message: `${kind.name} makes a simulated device act, but this device runs a program, which acts by itself; steps for such a device are ${able.join(', ')}`,
    }));
}

function unsupportedWords(
  step: string,
  without: readonly string[],
  written: unknown,
  fleets: readonly string[],
): readonly FoundMistake[] {
  if (typeof written !== 'object' || written === null) return [];
  const words = written as Readonly<Record<string, unknown>>;
  const fleet = fleets.find((name) => name === words['device']);
  if (fleet === undefined) return [];
  return without
    .filter((word) => words[word] !== undefined && words[word] !== false)
    .map((word) => ({
      path: [word],
      message: `${step} does not support \`${word}\` for the fleet ${fleet}, which is simulated as numbers (\`fleet:\`); remove \`${word}\`, or, for at most 1000 devices, remove \`fleet:\``,
    }));
}

/**
 * Finds expectations about the distribution of a fleet in a step without a simulated fleet (`fleet:`). Such a step has one result for each
 * device.
 *
 * @param device name of the device in the step; undefined if the step has none.
 */
export function checkFleetExpectation(
  expected: Readonly<Record<string, unknown>>,
  device: string | undefined,
  fleets: readonly string[],
): readonly FoundMistake[] {
  if (device !== undefined && fleets.includes(device)) return [];
  const found = device === undefined ? 'this step names no fleet' : `"${device}" is no such fleet`;
  const remedy =
    device === undefined
      ? 'remove this expectation'
      : `write \`count\` and \`fleet: {}\` under \`devices: ${device}:\`, or expect a value for each single device`;
  return Object.entries(expected)
    .filter(([word, value]) => isAboutDistribution(word, value))
    .map(([word, value]) => ({
      path: [word],
      message: `${word}: ${typeof value === 'string' ? value : JSON.stringify(value)} needs a fleet that is simulated as numbers, but ${found}; ${remedy}`,
    }));
}

function isAboutDistribution(word: string, value: unknown): boolean {
  if (word === 'throttled' || word === 'peak') return true;
  if (word === 'within') return typeof value === 'object';
  return word === 'assigned' && typeof value === 'string' && value.includes('%');
}
