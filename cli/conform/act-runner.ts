import type { WireEvent } from '../../core/conformance/wire-event.ts';
import { afterRealTime } from '../../core/time/clock.ts';
import type { Stage } from '../../sim/conformance/worlds/stage.ts';
import type { Act } from '../../sim/conformance/worlds/world.ts';
import type { RunningClient } from './running-client.ts';
import type { WorldLab } from './world-lab.ts';

/**
 * Performs the actions of a test world, such as a power cut, in the order of the list. Each action waits for the event that triggers it.
 */
export class ActRunner {
  readonly #acts: readonly Act[];
  readonly #lab: WorldLab;
  readonly #stage: Stage;
  #next = 0;
  #isBusy = false;

  constructor(acts: readonly Act[], lab: WorldLab, [client]: readonly RunningClient[]) {
    this.#acts = acts;
    this.#lab = lab;
    const { recorder, cloud, clock, facts } = lab;
    this.#stage = {
      facts,
      operator: cloud.operator,
      hubConnections: () => recorder.relays.filter(({ connect }) => connect?.service === 'hub'),
      cutPower: async () => {
        await client?.kill();
        await lab.tpm?.cutPower();
        await client?.start();
      },
      reboot: async () => {
        await client?.stop();
        await client?.start();
      },
      setClientClock: (time) => lab.setClientClock(time),
      clearTpm: async () => lab.tpm?.clear(),
      advance: (byMs) => clock.advance(byMs),
    };
  }

  /** Performs the next action if this event triggers it. @param events all events so far. */
  async see(event: WireEvent, events: readonly WireEvent[]): Promise<void> {
    const act = this.#acts[this.#next];
    if (act === undefined || this.#isBusy || event.kind === 'act' || !act.after(event, events)) return;
    this.#isBusy = true;
    this.#next++;
    await new Promise<void>((done) => afterRealTime(act.waitMs ?? 0, done));
    this.#lab.recorder.note({ kind: 'act', act: act.title });
    await act.do(this.#stage);
    this.#isBusy = false;
  }
}
