import type { DpsRequest, WireEventData } from '../../../core/conformance/wire-event.ts';
import type { Script, ScriptAnswer } from '../script.ts';

/** The record to which the parts of a recorder write. */
export interface RecordSink {
  readonly script: Script;
  /** The raw symmetric keys of the device. Empty if the device has no symmetric key. */
  readonly keys: readonly Uint8Array[];
  note(data: WireEventData): void;
  /** Records a request of the device API. */
  dpsRequest(connection: number, request: DpsRequest): void;
  /** Lets the script change the answer of the service. Records and returns the changed answer. */
  dpsAnswer(connection: number, request: DpsRequest, answer: ScriptAnswer): ScriptAnswer | 'drop';
  /** Returns a text for the record: without the credentials of the lab, and of limited length. */
  text(bytes: Buffer | string): string;
}
