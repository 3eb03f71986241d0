/** Values that a world (lab setup) and the judges of its statements use. */
export interface WorldFacts {
  readonly idScope: string;
  readonly registrationId: string;
  readonly deviceId: string;
  /** Host names of the two hubs. DPS first assigns the device to `hub`. */
  readonly hub: string;
  readonly otherHub: string;
  /** SHA-256 (hexadecimal) of the public key in the certificate that the client received; empty if its credential is not a certificate. */
  readonly givenKey: string;
  /** Number of certificates in the file that the client received. */
  readonly givenChain: number;
  /** Instant at which the lab started, in milliseconds since 1970. */
  readonly startedAt: number;
}
