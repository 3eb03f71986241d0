import { parse } from 'yaml';
import { choose, removeKey } from './choose.ts';
import { credentialSteps, enrollingSteps } from './credential-steps.ts';
import { insertSteps, removeStep, stepText, type WrittenStep } from './edit-timeline.ts';
import { convertLine } from './convert-line.ts';
import type { Change } from './change.ts';
import type { Attestation } from '../../../core/history/events.ts';

/**
 * Replaces the steps that give a device its credential with the steps for another attestation, and adds what an enrollment by this
 * attestation needs: TPM attestation needs `extract-ek` and an individual enrollment. Also converts the steps of a production line.
 * @returns undefined if the steps fit already.
 */
export function convertCredentials(whole: string, device: string, attestation: Attestation): Change | undefined {
  const words = convertDevice(whole, device, attestation);
  const line = convertLine(words.text, device, attestation);
  const steps = timelineOf(line.text);
  const own = steps
    .map((step, index) => ({ index, name: nameOf(step) }))
    .filter(({ index }) => uses(steps[index], device));
  const kept = own.filter(({ name }) => credentialSteps[attestation].includes(name));
  const removed = own.filter(({ name }) => isCredentialStep(name) && !credentialSteps[attestation].includes(name));
  const enrolled = own.filter(({ name }) => enrollingSteps.includes(name));
  const first = own[0]?.index;
  if (first === undefined) return words.changes.length === 0 ? undefined : words;
  const place = Math.min(removed[0]?.index ?? Infinity, enrolled[0]?.index ?? Infinity);
  const start = Number.isFinite(place) ? place : first;
  const before = new Map<number, WrittenStep[]>();
  const isMade = kept.length > 0;
  const make: WrittenStep = { [credentialSteps[attestation][0] ?? '']: device };
  const isEnrolled = enrolled.length > 0;
  if (line.changes.length > 0) {
    // The production line makes the credential. For a symmetric key, it enrolls the unit too.
    const after = steps.findIndex((step) => nameOf(step) === 'produce' && uses(step, device)) + 1;
    before.set(after, isEnrolled || attestation === 'symmetricKey' ? [] : [{ enroll: device }]);
  } else if (attestation === 'symmetricKey') {
    // DPS makes the keys, so the device gets its key after the enrollment.
    const after = enrolled[0] === undefined ? start : enrolled[0].index + 1;
    before.set(after, [...(isEnrolled ? [] : [{ enroll: device }]), ...(isMade ? [] : [make])]);
  } else {
    before.set(start, [...(isMade ? [] : [make]), ...(isEnrolled ? [] : [{ enroll: device }])]);
  }
  const edited = edit(line.text, before, new Set(removed.map(({ index }) => index)));
  if (edited === undefined) return undefined;
  const added = [...before.values()].flat().map((step) => `add ${stepText(step)}`);
  const changes = [
    ...words.changes,
    ...line.changes,
    ...removed.map(({ index, name }) => `remove step ${index + 1}, ${name}`),
    ...added,
  ];
  return changes.length === 0 ? undefined : { text: edited, changes };
}

/** Removes or changes the YAML keys of a device that its new attestation does not allow. */
function convertDevice(text: string, device: string, attestation: Attestation): Change {
  const tree: unknown = parse(text, { uniqueKeys: false });
  const devices = isMap(tree) ? tree['devices'] : undefined;
  const spec = isMap(devices) ? devices[device] : undefined;
  const words = isMap(spec) ? spec : {};
  const removed =
    attestation === 'tpm'
      ? ['keyStore'].filter((word) => typeof words[word] === 'string' && words[word] !== 'tpm')
      : ['registrationId', 'tpmKind'].filter((word) => word === 'tpmKind' || words[word] === 'from-endorsement-key');
  const changes: string[] = [];
  let changed = text;
  for (const word of removed.filter((one) => Object.hasOwn(words, one))) {
    changed = removeKey(changed, ['devices', device, word]) ?? changed;
    changes.push(`remove ${word} from ${device}`);
  }
  const { transport } = words;
  if (attestation === 'tpm' && (transport === 'mqtt' || transport === 'mqtt-ws')) {
    changed = choose(changed, ['devices', device, 'transport'], 'https') ?? changed;
    changes.push(`set transport of ${device} to https, because TPM attestation is not available over MQTT`);
  }
  return { text: changed, changes };
}

/** Applies insertions and removals from the end, so that the indexes of earlier steps stay valid. */
function edit(
  text: string,
  before: ReadonlyMap<number, readonly WrittenStep[]>,
  removed: ReadonlySet<number>,
): string | undefined {
  const last = Math.max(...before.keys(), ...removed);
  let edited: string | undefined = text;
  for (let index = last; index >= 0 && edited !== undefined; index--) {
    const steps = before.get(index) ?? [];
    // This function writes the new steps first, because a timeline cannot be empty.
    if (steps.length > 0) edited = insertSteps(edited, index, steps);
    if (edited !== undefined && removed.has(index)) edited = removeStep(edited, index + steps.length);
  }
  return edited;
}

function isCredentialStep(name: string): boolean {
  return Object.values(credentialSteps).some((names) => names.includes(name));
}

function timelineOf(text: string): readonly unknown[] {
  const tree: unknown = parse(text, { uniqueKeys: false });
  const timeline: unknown = isMap(tree) ? tree['timeline'] : undefined;
  return Array.isArray(timeline) ? timeline : [];
}

function nameOf(step: unknown): string {
  return isMap(step) ? (Object.keys(step).find((word) => !beside.has(word)) ?? '') : '';
}

/** Keys of a timeline entry that are not the name of its step. */
const beside: ReadonlySet<string> = new Set(['after', 'at', 'expect']);

/** Returns true if a step names the device, or a member of its fleet. */
function uses(step: unknown, device: string): boolean {
  if (!isMap(step)) return false;
  const args = step[nameOf(step)];
  const named = isMap(args) ? args['device'] : args;
  return typeof named === 'string' && (named === device || (named.startsWith(`${device}-`) && /-\d+$/.test(named)));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
