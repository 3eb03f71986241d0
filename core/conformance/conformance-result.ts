/** Groups of the conformance statements, in the order in which a report lists them. */
export const statementGroups = {
  tls: 'TLS and trust',
  connect: 'CONNECT and user name',
  registration: 'Registration',
  polling: 'Polling',
  throttling: 'Throttling',
  errors: 'Errors',
  tpm: 'TPM',
  issuance: 'Certificate issuance',
  hub: 'Hub use',
  renewal: 'Renewal',
  tokens: 'Tokens',
  reconnect: 'Reconnect',
  clock: 'Clock',
  power: 'Power cut',
} as const;

export type StatementGroup = keyof typeof statementGroups;

/** Capabilities that a client may lack. `rehearse conform` skips the statements that need a missing capability. */
export const clientCapabilities = {
  x509: 'attests with a certificate and a private key',
  tpm: 'attests with a TPM 2.0',
  csr: 'requests a certificate from DPS (API version 2025-07-01-preview or later)',
  renewal: 'renews its certificate through the hub',
  hub: 'connects to the assigned hub and sends telemetry',
  state: 'keeps its assignment in the state folder when it reboots',
  tokens: 'uses the token lifetime in REHEARSAL_TOKEN_SECONDS',
} as const;

export type ClientCapability = keyof typeof clientCapabilities;

/**
 * The result of a conformance statement. `informative`: no public source confirms the requirement, so a deviation does
 * not count. `skipped`: the client lacks a capability that the statement needs.
 */
export type StatementVerdict = 'pass' | 'fail' | 'informative' | 'not exercised' | 'skipped';

/** The result of one conformance statement, with its evidence. */
export interface StatementResult {
  readonly id: string;
  readonly group: StatementGroup;
  readonly level: 'must' | 'should';
  readonly statement: string;
  readonly source: string;
  readonly verdict: StatementVerdict;
  /** The behaviour that the statement expects. Absent if the client does not deviate from it. */
  readonly expected?: string;
  /** The actual behaviour, or the reason why the statement was not exercised. */
  readonly actual: string;
  /**
   * ID of the world in which the client deviated, or in which the lab recorded the first evidence. A world is a lab
   * with fixed settings and faults.
   */
  readonly world?: string;
  /** The events that prove the result, as sentences. */
  readonly evidence: readonly string[];
}

/** The conformance results of one client. */
export interface ConformanceReport {
  readonly format: 1;
  /** Name of the client: the value of `--name`, or its command. */
  readonly client: string;
  /** ISO 8601. */
  readonly at: string;
  readonly version: string;
  readonly without: readonly ClientCapability[];
  readonly results: readonly StatementResult[];
  readonly worlds: readonly WorldOutcome[];
}

/** One run of the client in a world, a lab with fixed settings and faults. */
export interface WorldOutcome {
  readonly id: string;
  readonly title: string;
  /** Duration in milliseconds. */
  readonly tookMs: number;
  /** The reason why the run ended, as a sentence. */
  readonly end: string;
  /** The last lines that the client printed on stderr and stdout, without credentials. */
  readonly output: string;
}
