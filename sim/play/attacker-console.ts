import { defined } from '../../core/defined.ts';
import { OutsideCalendar } from '../../core/time/calendar.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import type { Loot } from '../attacks/loot.ts';
import { PlayStopped } from './play-stopped.ts';
import type { StepKind } from '../steps/define-step.ts';
import { doStep } from './do-step.ts';
import { readStep } from '../scenario/editor/read-step.ts';
import { namesIn } from '../scenario/read-head.ts';
import type { Names } from '../scenario/mistakes/references.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { steps } from '../steps/index.ts';
import { UnexpectedTpmFailure } from '../tpm/command.ts';
import { StepProblem } from '../world/step-problem.ts';
import type { World } from '../world/world.ts';

/**
 * The seat of an attacker in a world that stands still. Whoever takes it has the steps of attackers and no others, so what holds
 * for those holds for him: loot, wires, and what everybody can know.
 */
export interface AttackerConsole {
  /** The true time. */
  now(): Millis;
  /** What has been taken so far, by its name. */
  loot(): readonly { readonly name: string; readonly what: string }[];
  /** Devices and what stands on their labels; undefined where an ID is only known once the device says it. */
  targets(): readonly { readonly name: string; readonly registrationId: string | undefined }[];
  /** What can be pointed at from here. */
  names(): Names;
  /** Does a step now, written as in a timeline: `{ impersonate: { device: …, with: … } }`. */
  act(written: unknown): Promise<Acted>;
}

/** What came of an act: mistakes in its words, or what happened. */
export type Acted =
  | { readonly ok: false; readonly mistakes: readonly string[] }
  | { readonly ok: true; readonly events: readonly HistoryEvent[]; readonly problem?: string };

/** Steps that may be taken from the seat: those of attackers, and the theft that comes before. */
export const consoleSteps: readonly StepKind[] = steps.filter(({ hostile, name }) => hostile || name === 'steal-key');

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
      world.tell('attacker', 'the seat', `a guest takes the seat of the attacker: ${read.deed.name}`);
      let problem: string | undefined;
      try {
        await doStep(world, read.deed);
      } catch (error) {
        if (!isTold(error)) throw error;
        problem = error.message;
      }
      const events = world.history.events().slice(before);
      return { ok: true, events, ...defined({ problem }) };
    },
  };
}

/** What ends an act without being a fault of ours: it cannot be done, a TPM refuses, or the play is ended in the middle. */
function isTold(error: unknown): error is Error {
  return [StepProblem, UnexpectedTpmFailure, OutsideCalendar, PlayStopped].some((kind) => error instanceof kind);
}

const lootWords: Readonly<Record<Loot['kind'], string>> = {
  'symmetric-key': 'a symmetric key',
  'group-key': 'the key of an enrollment group',
  certificate: 'a certificate with its key',
  chip: 'a TPM',
  use: 'the use of a key that stays where it is',
  ca: 'the key of a CA',
  'public-keys': 'public keys of a TPM',
  'public-chain': 'certificates that anybody is shown',
  token: 'a token that was overheard',
  'policy-key': 'the key of an access policy',
  etag: 'the version of something',
  bundle: 'all that lay in one place',
  nothing: 'nothing',
};
