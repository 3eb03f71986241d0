import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { Attestation } from '../../../core/history/events.ts';
import type { Change } from './change.ts';
import { credentialSteps } from './credential-steps.ts';

/**
 * Replaces the steps of a production line that give a device its credential. The first of these steps becomes the step of the new
 * attestation; the function removes the other steps. `changes` is empty if no production line in the text has such a step.
 */
export function convertLine(text: string, device: string, attestation: Attestation): Change {
  const document = parseDocument(text);
  const timeline: unknown = document.get('timeline', true);
  const lines = isSeq(timeline) ? timeline.items.flatMap((item) => stepsOfLine(item, device)) : [];
  const wrong = Object.entries(credentialSteps).flatMap(([kind, names]) => (kind === attestation ? [] : names));
  const [first, ...more] = lines.filter(({ name }) => wrong.includes(name));
  if (first === undefined) return { text, changes: [] };
  const [wanted = ''] = credentialSteps[attestation];
  const isThere = lines.some(({ name }) => credentialSteps[attestation].includes(name));
  // A production line makes the unit first, so it can install a symmetric key only after the enrollment.
  const replacement = attestation === 'symmetricKey' ? ['enroll', wanted] : [wanted];
  let edited = text;
  for (const { range } of more.toReversed()) edited = withoutLine(edited, range);
  const [start, end] = first.range;
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1) - 2;
  const written = isThere ? '' : replacement.map((name) => `${name}:`).join(`\n${' '.repeat(Math.max(0, indent))}- `);
  edited = isThere
    ? withoutLine(edited, first.range)
    : edited.slice(0, start) + written + edited.slice(start + text.slice(start, end).trimEnd().length);
  return {
    text: edited,
    changes: [
      isThere
        ? `remove ${first.name} from the line`
        : `replace ${first.name} on the line by ${replacement.join(' and ')}`,
      ...more.map(({ name }) => `remove ${name} from the line`),
    ],
  };
}

interface LineStep {
  readonly name: string;
  readonly range: readonly [number, number];
}

function stepsOfLine(item: unknown, device: string): readonly LineStep[] {
  const produce: unknown = isMap(item) ? item.get('produce', true) : undefined;
  if (!isMap(produce) || produce.get('device') !== device) return [];
  const route: unknown = produce.get('route', true);
  if (!isSeq(route)) return [];
  return route.items.flatMap((stop) => {
    const steps: unknown = isMap(stop) ? stop.get('do', true) : undefined;
    return isSeq(steps) ? steps.items.flatMap((step) => (isMap(step) ? lineStep(step) : [])) : [];
  });
}

function lineStep(step: YAMLMap): readonly LineStep[] {
  const [pair] = step.items;
  if (pair === undefined || !isScalar(pair.key) || !step.range) return [];
  return [{ name: String(pair.key.value), range: [step.range[0], step.range[1]] }];
}

function withoutLine(text: string, [start, end]: readonly [number, number]): string {
  const lineStart = text.lastIndexOf('\n', start - 1);
  return text.slice(0, lineStart) + text.slice(start + text.slice(start, end).trimEnd().length);
}
