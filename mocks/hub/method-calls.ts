import { failedWith, type Result } from '../../core/result.ts';
import { afterRealTime } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';
import { hubProblems, saying, type HubProblem } from './hub-problems.ts';

/** The result of a direct method: the answer of the device, or the problem if there is no answer. */
export type MethodOutcome = Result<MethodAnswer, HubProblem>;

/** The answer of a device to a direct method. */
interface MethodAnswer {
  readonly status: number;
  /** JSON. */
  readonly payload: unknown;
}

/** A direct method call that a back end requests. */
export interface MethodRequest {
  readonly methodName: string;
  /** JSON. */
  readonly payload: unknown;
  /** Real milliseconds to wait for the connection of the device. */
  readonly connectMs: number;
  /** Real milliseconds to wait for the answer. */
  readonly responseMs: number;
}

/** The direct method calls that wait for an answer. */
export class MethodCalls {
  readonly #random: Random;
  readonly #waiting = new Map<string, { readonly deviceId: string; readonly end: (outcome: MethodOutcome) => void }>();

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Sends a call to a device and waits for the answer.
   *
   * @param send function that sends the call to the device under a request ID.
   * @param limitMs longest wait in real milliseconds, because a device answers in real time and not by the clock of the hub.
   */
  call(deviceId: string, limitMs: number, send: (requestId: string) => void): Promise<MethodOutcome> {
    const requestId = this.#random.uuid();
    return new Promise((resolve) => {
      const end = (outcome: MethodOutcome): void => {
        this.#waiting.delete(requestId);
        resolve(outcome);
      };
      this.#waiting.set(requestId, { deviceId, end });
      afterRealTime(limitMs, () => end(failedWith(hubProblems.methodTimedOut)));
      send(requestId);
    });
  }

  /** Passes the answer of a device to the caller. Returns false if no call with this request ID waits for this device. */
  answer(deviceId: string, requestId: string, outcome: MethodOutcome): boolean {
    const call = this.#waiting.get(requestId);
    if (call === undefined || call.deviceId !== deviceId) return false;
    call.end(outcome);
    return true;
  }

  /** Fails all waiting calls of a device whose connection has ended. */
  drop(deviceId: string): void {
    for (const call of this.#waiting.values()) {
      if (call.deviceId === deviceId) call.end(failedWith(saying(hubProblems.deviceNotOnline, goneSentence)));
    }
  }
}

const goneSentence = 'The operation failed because the requested device connection was lost.';
