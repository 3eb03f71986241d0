import type { ClientCapability, StatementGroup } from '../../../core/conformance/conformance-result.ts';
import type { Finding } from '../judge/finding.ts';
import type { WorldRecord } from '../judge/world-record.ts';

/** A statement about the behaviour of a client, and its judge. */
export interface Statement {
  /** An ID such as `P1`. */
  readonly id: string;
  readonly group: StatementGroup;
  /** `must` if a client that breaks the statement can fail or harm the service. */
  readonly level: 'must' | 'should';
  readonly statement: string;
  /** The source of the requirement. `DF` and other short names are explained in docs/conformance.md. */
  readonly source: string;
  /** True if no public source confirms the requirement, so that a deviation does not count. */
  readonly isInformative?: boolean;
  /** Capabilities of the client without which the statement does not apply. */
  readonly needs?: readonly ClientCapability[];
  /** IDs of the worlds (lab setups) whose records `judge` reads. Empty if no world can test the statement yet. */
  readonly worlds: readonly string[];
  /** Derives the result of the statement from the record of one run in a world. The function is pure. */
  readonly judge: (record: WorldRecord) => Finding;
}

/** Returns the statement unchanged; it gives the object its type. */
export function defineStatement(statement: Statement): Statement {
  return statement;
}
