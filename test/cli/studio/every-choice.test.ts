import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadFiles, loadText } from '../../../cli/files/load-files.ts';
import { packageRoot } from '../../../cli/package-root.ts';
import { checkText, shorthandAt } from '../../../cli/studio/check-text.ts';
import { Offers } from '../../../cli/studio/offer/offers.ts';
import { startCloud } from '../../../mocks/start-cloud.ts';
import type { ChoiceValue, StudioChoice } from '../../../reports/html/studio-api.ts';
import { choose } from '../../../sim/scenario/editor/choose.ts';
import { playScenario } from '../../../sim/play/play-scenario.ts';

/*
 * The studio offers about 47,000 single changes to the shipped scenarios. By default this test makes one change for each kind of choice of
 * a device, of a factory step and of an enrollment. It also tries every value of the choices that decide how a device attests. With
 * REHEARSAL_EVERY_CHOICE=1 it makes one change for each kind of choice anywhere (412 changes), which takes several minutes.
 */
const isEvery = process.env['REHEARSAL_EVERY_CHOICE'] === '1';

interface Flip {
  readonly file: string;
  readonly text: string;
  readonly variant: number;
  readonly choice: StudioChoice;
  readonly value: ChoiceValue;
}

/** Returns the other values of a choice that a user can select. */
function otherValues({ kind, options, value, isOptional }: StudioChoice): readonly ChoiceValue[] {
  const now: readonly string[] = Array.isArray(value) ? value : [];
  const all: Record<StudioChoice['kind'], readonly ChoiceValue[]> = {
    'one-of': [...options, ...(isOptional ? [null] : [])],
    'some-of': options.map((one) => (now.includes(one) ? now.filter((each) => each !== one) : [...now, one])),
    'yes-no': [true, false],
    duration: ['P1D'],
    number: [1],
    text: [],
  };
  return all[kind].filter((other) => JSON.stringify(other) !== JSON.stringify(value));
}

/** Returns the place of a choice without the names of its device, CA or station, and without its index in the timeline. */
function placeOf({ group, word }: StudioChoice): string {
  return `${group.replace(/^(devices|pki|stations|cloud) ?\S*/, '$1').replace(/^timeline \d+/, 'timeline')} ${word}`;
}

const usual = /^(devices|timeline (enroll|install-key|issue-certificate|extract-ek)) [a-zA-Z]+$/;

/**
 * Returns one changed choice for each kind of choice, from the shortest scenario file that has this kind, because a short scenario is
 * played in less time.
 */
function flips(): ReadonlyMap<string, Flip> {
  const found = new Map<string, Flip>();
  const { texts } = loadFiles([relative('', join(packageRoot, 'scenarios'))]);
  for (const [file, text] of Object.entries(texts).toSorted(([, one], [, other]) => one.length - other.length)) {
    // A scenario with a simulated fleet takes half a minute for every changed choice, so this test omits it.
    if (/\n\s+fleet:|fleet: \{/.test(text)) continue;
    for (const [variant, { id }] of checkText(file, text, undefined).scenarios.slice(0, 2).entries()) {
      for (const choice of checkText(file, text, id).choices) {
        const place = placeOf(choice);
        if (!isEvery && !usual.test(place)) continue;
        const isWhole = /^devices (attestation|transport|keyStore|tpmKind|retry)$/.test(place);
        const values = otherValues(choice);
        for (const value of isWhole ? values : values.slice(0, 1)) {
          const kind = isWhole ? `${place} = ${JSON.stringify(value)}` : place;
          if (!found.has(kind)) found.set(kind, { file, text, variant, choice, value });
        }
      }
    }
  }
  return found;
}

const places = new Map<string, [string, Flip][]>();
for (const [kind, flip] of flips()) {
  const place = kind.split(' ').slice(0, 2).join(' ');
  places.set(place, [...(places.get(place) ?? []), [kind, flip]]);
}

describe.each([...places])('in the studio, a change of the choice %s', (_place, kinds) => {
  test.each(kinds)(
    'results in a scenario that can be played (changed: %s)',
    { timeout: 240_000 },
    async (_kind, flip) => {
      const { file, text, variant, choice, value } = flip;
      const changed = choose(text, choice.path, value, shorthandAt(text, choice.path)) ?? '';
      const { offer } = await new Offers().find({ file, before: text, text: changed, variant, path: choice.path });
      const loaded = loadText(file, offer?.text ?? changed);
      expect(loaded).toMatchObject({ ok: true });
      const scenario = loaded.ok ? loaded.scenarios[variant] : undefined;
      if (scenario === undefined) throw new Error('the variant is gone');
      const settings = { seed: '7', startCloud, versions: { rehearsal: '', node: '' }, missingParts: 'model' } as const;
      const run = await playScenario(scenario, settings);
      // If a step is impossible, the run fails before any expectation has a verdict. A changed choice must not cause that.
      expect(run.verdict.kind === 'fail' ? run.stepVerdicts : ['played']).not.toEqual([]);
      if (choice.word === 'attestation') expect(offer).toMatchObject({ isUndo: false });
    },
  );
});
