/** A rule for names in the device registry: lengths in characters, and the pattern of the whole name. */
interface NameRule {
  readonly min: number;
  readonly max: number;
  readonly pattern: RegExp;
}

/** The rule for names of namespaces. Source: REST description of the service API of DPS, 2026-11-01. */
export const namespaceNameRule: NameRule = { min: 3, max: 64, pattern: /^[a-z0-9][a-z0-9-]*[a-z0-9]$/ };

/**
 * The rule for names of certificate authorities and certificate policies. Source: REST description of the service API
 * of DPS, 2026-11-01.
 */
export const registryNameRule: NameRule = { min: 3, max: 63, pattern: /^[0-9a-zA-Z][a-zA-Z0-9-]*$/ };
