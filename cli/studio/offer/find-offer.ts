import { defined } from '../../../core/defined.ts';
import type { Offer } from '../../../reports/html/studio-api.ts';
import type { Change } from '../../../sim/scenario/editor/change.ts';
import type { Loaded, Scenario } from '../../../sim/scenario/load.ts';
import type { Mistake } from '../../../sim/scenario/mistakes/mistake.ts';
import type { Path } from '../../../sim/scenario/yaml-source.ts';
import { loadText } from '../../files/load-files.ts';
import { candidates, convertedFor, type Obstacle } from './candidates.ts';
import type { Impossible } from './trial.ts';

/** A choice that the user has just made. */
export interface Choice {
  readonly file: string;
  /** The text before the choice. `text` is the text after it. */
  readonly before: string;
  readonly text: string;
  /** Index of the variant, from 0. */
  readonly variant: number;
  readonly path: Path;
}

/**
 * Plays a scenario. Resolves with undefined if it can be played to its end.
 * @throws PlayStopped if the search was stopped.
 */
type Try = (scenario: Scenario) => Promise<Impossible | undefined>;

/**
 * Finds the other changes that a choice needs, so that the scenario can be played to its end: steps to add, other values, and as a last
 * resort steps to remove. The search plays the scenario with each candidate change.
 * @returns undefined if the scenario is playable without changes. If nothing else helps, the offer is the text before the choice.
 */
export async function findOffer(choice: Choice, play: Try): Promise<Offer | undefined> {
  const { before } = choice;
  let { text } = choice;
  const changes: string[] = [];
  let tries = 0;
  const first = await obstacleIn(choice, text, play);
  let obstacle = first;
  const converted = convertedFor(text, choice);
  if (converted !== undefined) {
    const next = await obstacleIn(choice, converted.text, play);
    ({ text } = converted);
    changes.push(...converted.changes);
    obstacle = next;
  }
  while (obstacle !== undefined) {
    const found: Step | undefined = await firstGood();
    if (found === undefined) {
      return { ...named(choice, before), problem: sentenceOf(first), changes: [], isUndo: true };
    }
    changes.push(...found.change.changes);
    ({ text } = found.change);
    obstacle = found.next;
  }
  return changes.length === 0
    ? undefined
    : { ...named(choice, text), problem: sentenceOf(first), changes: [...new Set(changes)], isUndo: false };

  async function firstGood(): Promise<Step | undefined> {
    if (obstacle === undefined || changes.length > changesAtMost) return undefined;
    if (obstacle.mistakes.length > 0) return fewestMistakes(obstacle.mistakes);
    for (const change of candidates(text, choice, obstacle)) {
      if (!loadText(choice.file, change.text).ok) continue;
      if (++tries > triesAtMost) return undefined;
      const next = await obstacleIn(choice, change.text, play);
      if (isLater(obstacle, next, change.moved ?? 0)) return { change, next };
    }
    return undefined;
  }

  /** Finds the change that solves the first mistake. Of several such changes, takes the change that leaves the fewest other mistakes. */
  async function fewestMistakes(mistakes: readonly Mistake[]): Promise<Step | undefined> {
    const [solved] = mistakes;
    let best: { readonly change: Change; readonly left: number } | undefined;
    for (const change of candidates(text, choice, { mistakes })) {
      const loaded = loadText(choice.file, change.text);
      const left = loaded.ok ? [] : loaded.mistakes;
      const isSolved = left.every((one) => one.line !== solved?.line || one.message !== solved.message);
      if (isSolved && left.length < (best?.left ?? Infinity)) best = { change, left: left.length };
      if (best?.left === 0) break;
    }
    return best && { change: best.change, next: await obstacleIn(choice, best.change.text, play) };
  }
}

/** A change, and the obstacle that is left after it. */
interface Step {
  readonly change: Change;
  readonly next: Obstacle | undefined;
}

/** Maximum number of changes for one choice. */
const changesAtMost = 16;

/** Maximum number of trial plays for one choice. Most trials take a quarter of a second. */
const triesAtMost = 30;

async function obstacleIn({ file, variant }: Choice, text: string, play: Try): Promise<Obstacle | undefined> {
  const loaded: Loaded = loadText(file, text);
  if (!loaded.ok) return { mistakes: loaded.mistakes };
  const scenario = loaded.scenarios[variant];
  if (scenario === undefined)
    return { mistakes: [{ file, line: 1, column: 1, message: 'the file no longer has this variant' }] };
  const impossible = await play(scenario);
  return impossible === undefined ? undefined : { mistakes: [], ...defined({ impossible }) };
}

/**
 * Returns true if a change solves an obstacle, or if the next obstacle is at a later step. @param moved number of steps that the change
 * added.
 */
function isLater(now: Obstacle, next: Obstacle | undefined, moved: number): boolean {
  if (next === undefined || now.impossible === undefined) return true;
  return next.impossible !== undefined && next.impossible.step > now.impossible.step + moved;
}

/**
 * Returns a text with the ID that the played variant has in it. A changed value may change the name of the variant, which is part of the
 * ID.
 */
function named({ file, variant }: Choice, text: string): Pick<Offer, 'text' | 'id'> {
  const loaded = loadText(file, text);
  return { text, id: loaded.ok ? (loaded.scenarios[variant]?.id ?? '') : '' };
}

function sentenceOf(obstacle: Obstacle | undefined): string {
  return (
    obstacle?.impossible?.sentence ??
    obstacle?.mistakes[0]?.message ??
    'a device with another attestation needs other steps before it can register'
  );
}
