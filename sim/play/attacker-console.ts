import { defined } from '../../core/defined.ts';
import { OutsideCalendar } from '../../core/time/calendar.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import type { Loot } from '../attacks/loot.ts';
import { PlayStopped } from './play-stopped.ts';
import type { StepKind } from '../steps/define-step.ts';
import { readStep } from '../scenario/editor/read-step.ts';
import { namesIn } from '../scenario/names-in.ts';
import type { Names } from '../scenario/mistakes/references.ts';
import type { Scenario } from '../scenario/load.ts';
import { steps } from '../steps/index.ts';
import { UnexpectedTpmFailure } from '../tpm/command.ts';
import { StepProblem } from '../world/step-problem.ts';
import type { World } from '../world/world.ts';

/**
 * Runs steps of an attacker while the simulation is paused, for a trainer or a guest. It offers only the steps of attackers. Its user
 * therefore has the same means as an attacker: loot, network connections and public knowledge.
 */
export interface AttackerConsole {
  /** The true virtual time; devices may have skewed clocks. */
  now(): Millis;
  /** The loot that the attacker has collected so far. `what` describes one item. */
  loot(): readonly { readonly name: string; readonly what: string }[];
  /** The devices and the registration IDs on their labels; undefined if the ID is not on the label. */
  targets(): readonly { readonly name: string; readonly registrationId: string | undefined }[];
  /** Names of devices, loot and other things to which a step may refer. */
  names(): Names;
  /** Runs a step now. `written` has the form of a timeline entry: `{ impersonate: { device: …, with: … } }`. */
  act(written: unknown): Promise<Acted>;
}

/** The result of a step: the mistakes in its text, or the events that it caused. `problem` is present if the step ended early. */
export type Acted =
  | { readonly ok: false; readonly mistakes: readonly string[] }
  | { readonly ok: true; readonly events: readonly HistoryEvent[]; readonly problem?: string };

/** Steps that the console offers: the steps of attackers, and `steal-key`, which gives the attacker loot. */
export const consoleSteps: readonly StepKind[] = steps.filter(({ hostile, name }) => hostile || name === 'steal-key');

/** Subject under which the history records the steps that the console runs. */
export const consoleSubject = 'the attacker console';

/** Opens the attacker console on the simulated world of a scenario. */
export function openAttackerConsole(world: World, scenario: Scenario): AttackerConsole {
  const names = (): Names => ({
    ...namesIn(scenario as unknown as Readonly<Record<string, unknown>>),
    loot: [...world.attack.loot.keys()],
    batch: [...world.pki.batches.keys()],
  });
  return {
    now: () => world.clock.now(),
    loot: () => [...world.attack.loot].map(([name, loot]) => ({ name, what: lootWords[loot.kind] })),
    targets: () => [...world.devices.byName.values()].map(({ name, registrationId }) => ({ name, registrationId })),
    names,
    act: async (written) => {
      const read = readStep(written, consoleSteps, names());
      if (!read.ok) return read;
      const before = world.history.events().length;
      world.tell('attacker', consoleSubject, `the attacker console runs ${read.deed.name}`);
      let problem: string | undefined;
      try {
        await read.deed.run(world);
      } catch (error) {
        if (!isTold(error)) throw error;
        problem = error.message;
      }
      const events = world.history.events().slice(before);
      return { ok: true, events, ...defined({ problem }) };
    },
  };
}

/**
 * Returns true if an error is an expected end of a step: an impossible step, a refusal by a TPM, or a run that the run controller stopped.
 * Other errors are bugs.
 */
function isTold(error: unknown): error is Error {
  return [StepProblem, UnexpectedTpmFailure, OutsideCalendar, PlayStopped].some((kind) => error instanceof kind);
}

const lootWords: Readonly<Record<Loot['kind'], string>> = {
  'symmetric-key': 'a symmetric key',
  'group-key': 'the key of an enrollment group',
  certificate: 'a certificate with its key',
  chip: 'a TPM',
  use: 'the use of a key that cannot be copied',
  ca: 'the key of a CA',
  'public-keys': 'public keys of a TPM',
  'public-chain': 'public certificates',
  token: 'an intercepted token',
  'policy-key': 'the key of an access policy',
  etag: 'an ETag',
  bundle: 'several secrets from one place',
  nothing: 'nothing',
};
