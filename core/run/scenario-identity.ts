import { defined } from '../defined.ts';
import type { ExpectedOutcome } from './expected-outcome.ts';

/** The identity and the description of a scenario variant, known before it runs. Plans and runs copy it from the scenario. */
export interface ScenarioIdentity {
  /** Path without its ending, and the variant: unique in a run and stable between runs. */
  readonly id: string;
  /** Path as the user gave it, with `/`. */
  readonly file: string;
  readonly title: string;
  /** The design choice of this variant, such as `validity=P90D`; empty if the scenario has no matrix. */
  readonly variant: string;
  readonly tags: readonly string[];
  /** IDs of topics. */
  readonly covers: readonly string[];
  /** ID of the attack that the scenario rehearses. */
  readonly attack?: string;
  readonly story?: string;
  /** The lesson of the scenario. */
  readonly teaches?: string;
  /** States that a recommended practice succeeds, or that a step fails without it. */
  readonly shows?: ExpectedOutcome;
}

type Optional = 'attack' | 'story' | 'teaches' | 'shows';

/** A scenario, a plan or a run: everything that has an identity. */
type Identified = Omit<ScenarioIdentity, Optional> & {
  readonly [Word in Optional]?: ScenarioIdentity[Word] | undefined;
};

/** Returns the identity of a scenario, a planned scenario or a run, without its other members. */
export function identityOf(identified: Identified): ScenarioIdentity {
  const { id, file, title, variant, tags, covers, attack, story, teaches, shows } = identified;
  return { id, file, title, variant, tags, covers, ...defined({ attack, story, teaches, shows }) };
}
