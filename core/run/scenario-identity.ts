import { defined } from '../defined.ts';
import type { ExpectedOutcome } from './expected-outcome.ts';

/**
 * The identity and the description of a scenario variant, which are known before the run. Plans and runs copy them from
 * the scenario.
 */
export interface ScenarioIdentity {
  /**
   * Path of the scenario file without its extension, then the name of the variant. No other scenario of a run has this
   * ID, and the ID stays the same in later runs.
   */
  readonly id: string;
  /** Path of the scenario file as the user gave it, with `/` as separator. */
  readonly file: string;
  readonly title: string;
  /** The design choice of this variant, such as `validity=P90D`; empty if the scenario has no matrix. */
  readonly variant: string;
  /** Number of the matrix entry in the file, from 1; absent without a matrix, and in runs that an earlier version recorded. */
  readonly row?: number;
  readonly tags: readonly string[];
  /** IDs of topics. */
  readonly covers: readonly string[];
  /** ID of the attack that the scenario rehearses. */
  readonly attack?: string;
  readonly story?: string;
  /** The lesson of the scenario, as text. */
  readonly teaches?: string;
  /** `well` if a recommended practice succeeds, `wrong` if a step fails without the practice. */
  readonly shows?: ExpectedOutcome;
}

type Optional = 'row' | 'attack' | 'story' | 'teaches' | 'shows';

/** Any object with an identity: a scenario, a plan or a run. */
type Identified = Omit<ScenarioIdentity, Optional> & {
  readonly [Word in Optional]?: ScenarioIdentity[Word] | undefined;
};

/** Returns the identity of a scenario, a planned scenario or a run, without its other members. */
export function identityOf(identified: Identified): ScenarioIdentity {
  const { id, file, title, variant, row, tags, covers, attack, story, teaches, shows } = identified;
  return { id, file, title, variant, tags, covers, ...defined({ row, attack, story, teaches, shows }) };
}
