import { afterRealTime } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';
import { hubProblems, saying, type HubProblem } from './hub-problems.ts';

/** What became of a direct method: what the device answered, or why there is no answer. */
export type MethodOutcome = { readonly status: number; readonly payload: unknown } | { readonly problem: HubProblem };

/** The calls of direct methods that wait for their device. */
export class MethodCalls {
  readonly #random: Random;
  readonly #waiting = new Map<string, { readonly deviceId: string; readonly end: (outcome: MethodOutcome) => void }>();

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * @param send hands the call to the device, with the ID that names it.
   * @param limitMs real milliseconds: a device answers in real time, whatever the clock of the hub does meanwhile.
   */
  call(deviceId: string, limitMs: number, send: (requestId: string) => void): Promise<MethodOutcome> {
    const requestId = this.#random.uuid();
    return new Promise((resolve) => {
      const end = (outcome: MethodOutcome): void => {
        this.#waiting.delete(requestId);
        resolve(outcome);
      };
      this.#waiting.set(requestId, { deviceId, end });
      afterRealTime(limitMs, () => end({ problem: hubProblems.methodTimedOut }));
      send(requestId);
    });
  }

  /** The answer of a device. Returns whether it was a call of this device that waited. */
  answer(deviceId: string, requestId: string, outcome: MethodOutcome): boolean {
    const call = this.#waiting.get(requestId);
    if (call === undefined || call.deviceId !== deviceId) return false;
    call.end(outcome);
    return true;
  }

  /** The connection of the device has ended. */
  drop(deviceId: string): void {
    for (const call of this.#waiting.values()) {
      if (call.deviceId === deviceId) call.end({ problem: saying(hubProblems.deviceNotOnline, goneSentence) });
    }
  }
}

const goneSentence = 'The operation failed because the requested device connection was lost.';
