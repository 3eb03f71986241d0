/** How far one theft reaches: who was tried with the loot, and whom the service took the thief for. */
export interface BlastRadius {
  /** Name that it was taken under. */
  readonly loot: string;
  /** Registration IDs that were tried, in that order. */
  readonly tried: readonly string[];
  /** How many there were to try; more than were tried where these are a sample. */
  readonly candidates: number;
  /** Those of the tried whose telemetry a hub took from the thief. */
  readonly impersonated: readonly string[];
}
