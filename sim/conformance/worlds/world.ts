import type { ClientCapability } from '../../../core/conformance/conformance-result.ts';
import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import type { Script } from '../script.ts';
import type { Stage } from './stage.ts';
import type { WorldFacts } from './world-facts.ts';

/** A setup of a lab that tests some statements, and the rules for one run of the client in this lab. */
export interface World {
  readonly id: string;
  readonly title: string;
  /** The credential that the client gets. Default: a symmetric key. */
  readonly credential?: 'symmetric-key' | 'x509' | 'tpm';
  /** Capabilities that the client needs. Without them, a run in this world shows nothing. */
  readonly needs?: readonly ClientCapability[];
  readonly lab?: LabSetup;
  /** Makes the script of a run. Default: the lab answers as the service does. */
  readonly script?: (facts: WorldFacts) => Script;
  /** Actions of the runner, in order. Each action waits until the previous action is done. Default: none. */
  readonly acts?: readonly Act[];
  /** Further environment variables of the client. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The clock of the client, in the form of libfaketime: an offset, or `@` and a start. Default: the clock of the computer. */
  readonly clientClock?: string;
  /**
   * True if the time of client and services jumps while the client sleeps, so that the runner observes hours in seconds. A client that
   * cannot follow the jumps, such as a static executable, runs in real time. Default: real time.
   */
  readonly jumps?: true;
  /** Longest run, in real milliseconds. */
  readonly observeMs: number;
  /**
   * Returns true when the events suffice to judge the statements of this world. The run then goes on for `settleMs`. Default: the run lasts
   * `observeMs`.
   */
  readonly isShown?: (events: readonly WireEvent[], facts: WorldFacts) => boolean;
  /** Milliseconds for which the run goes on after `isShown` returned true. Default: 300. */
  readonly settleMs?: number;
  /** Number of clients that run at the same time, each with its registration ID. Default: 1. */
  readonly clients?: number;
}

/** The settings of a lab. */
export interface LabSetup {
  /** Duration of an assignment in milliseconds. Default: 0. */
  readonly assignmentMs?: number;
  /** Value of Retry-After in the answers of the lab. Default: 1. */
  readonly retryAfterSeconds?: number;
  /** Device ID at the hub. Default: the registration ID. */
  readonly deviceId?: string;
  /** Default: `enabled`. With `none`, no enrollment fits the device. */
  readonly enrollment?: 'enabled' | 'disabled' | 'none';
  /** The server certificate. Default: a certificate under the root that the client trusts. */
  readonly server?: 'other-root' | 'other-host' | 'expired' | 'new-intermediate' | 'second-root';
  /** Lifetime of the certificates that DPS and the hub issue, in seconds. Default: the lab issues none. */
  readonly issuedSeconds?: number;
  /** Time from the answer 202 of the hub to the issuance of a certificate, in real milliseconds. Default: 1000. */
  readonly issuanceMs?: number;
}

/** An action of the runner on the client or the lab, such as a power cut. */
export interface Act {
  readonly title: string;
  /** Returns true if `event` starts the action. `events` are all events so far, including `event`. */
  readonly after: (event: WireEvent, events: readonly WireEvent[]) => boolean;
  /** Milliseconds between the event and the action. Default: 0. */
  readonly waitMs?: number;
  readonly do: (stage: Stage) => Promise<void> | void;
}
