import { useMemo, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { runTimeText } from '../../../sentences/run-time-text.ts';
import { attackWords } from '../../../../core/findings/attack-results.ts';
import { stepOutcomes } from '../scenario/step-outcomes.ts';
import { VerdictBadge } from '../verdict-badge.tsx';
import { withSpokenDurations } from '../../../sentences/with-spoken-durations.ts';
import { ComparedEvents } from './compared-events.tsx';
import { MarkedText } from './marked-text.tsx';
import { pairedEvents } from './paired-events.ts';
import { wordDifference } from './word-difference.ts';

interface Settings {
  readonly one: Run;
  readonly other: Run;
  /** Returns the address of the page of a run; undefined if the run has no page. */
  readonly href: (run: Run) => string | undefined;
  /** Labels of the two sides, if the titles do not distinguish them. */
  readonly words?: readonly [string, string] | undefined;
}

/** Compares two runs: their facts, the results of their steps, and their events. Differences are marked. */
export function ComparedRuns({ one, other, href, words }: Settings) {
  const { pairs, isRough } = useMemo(() => pairedEvents(one.history, other.history), [one, other]);
  const [onlyDifferences, setOnly] = useState(false);
  const differing = pairs.filter(({ differs }) => differs);
  const facts = [
    [
      'Verdict',
      <VerdictBadge kind={one.verdict.kind} />,
      <VerdictBadge kind={other.verdict.kind} />,
      one.verdict.kind !== other.verdict.kind,
    ],
    ...textFacts(one, other).map(([name, left, right, differs]) => {
      const [ours, theirs] = wordDifference(left, right);
      return [name, <MarkedText parts={ours} />, <MarkedText parts={theirs} />, differs] as const;
    }),
  ] as const;
  return (
    <>
      <table class="compared">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">What</span>
            </th>
            {[one, other].map((run, side) => (
              <th scope="col" key={side}>
                {words !== undefined && <span class="side">{words[side]}</span>}
                <RunTitle title={run.title} href={href(run)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {facts.map(([name, left, right, differs]) => (
            <tr key={name} class={differs ? 'differs' : ''}>
              <th scope="row">
                {name} {differs && <span class="mark">differs</span>}
              </th>
              <td>{left}</td>
              <td>{right}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Events</h2>
      <p class="told" role="status">
        {differing.length === 0 ? 'No differences.' : `${differing.length} of ${pairs.length} differ.`}
        {isRough && ' There are too many events to match them by content, so they are matched by position.'}
      </p>
      <label class="check">
        <input type="checkbox" checked={onlyDifferences} onChange={(event) => setOnly(event.currentTarget.checked)} />{' '}
        Only differences
      </label>
      <ComparedEvents one={one} other={other} pairs={onlyDifferences ? differing : pairs} />
    </>
  );
}

function RunTitle({ title, href }: { readonly title: string; readonly href: string | undefined }) {
  const spoken = withSpokenDurations(title);
  return href === undefined ? <>{spoken}</> : <a href={href}>{spoken}</a>;
}

function textFacts(one: Run, other: Run): readonly (readonly [string, string, string, boolean])[] {
  const steps = [...new Set([...one.stepVerdicts, ...other.stepVerdicts].map(({ step }) => step))].toSorted(
    (a, b) => a - b,
  );
  const name = (step: number): string =>
    [...one.stepVerdicts, ...other.stepVerdicts].find((verdict) => verdict.step === step)?.name ?? '';
  const pairs: (readonly [string, string, string])[] = [
    ['Choice', one.variant, other.variant],
    ['Time', runTimeText(one), runTimeText(other)],
    ['Lesson', one.teaches ?? '', other.teaches ?? ''],
    ...steps.flatMap((step) =>
      (['expected', 'happened'] as const).map(
        (word) =>
          [
            `${step + 1} · ${name(step)}, ${word === 'happened' ? 'actual' : word}`,
            textsOf(one, step, word),
            textsOf(other, step, word),
          ] as const,
      ),
    ),
  ];
  return pairs
    .filter(([, left, right]) => left !== '' || right !== '')
    .map(([name, left, right]) => [name, left, right, left !== right] as const);
}

/** Returns the distinct expected or actual results of a step. */
function textsOf(run: Run, step: number, word: 'expected' | 'happened'): string {
  const texts = stepOutcomes(run).flatMap(({ verdict, attack }) => {
    if (verdict.step !== step) return [];
    return word === 'happened' && attack !== undefined
      ? [`${attackWords[attack].word}: ${verdict.happened}`]
      : [verdict[word]];
  });
  return [...new Set(texts)].join('; ');
}
