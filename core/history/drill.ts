/** How a defence worked: what an attacker and honest devices could still do from its moment on, looked at again and again. */
export interface Drill {
  /** Name that the attacker's loot was taken under. */
  readonly loot: string;
  /** Registration ID that the attacker goes by. */
  readonly registrationId: string;
  /** ISO 8601: time from one look to the next, and so how exact the times below are. */
  readonly every: string;
  /** ISO 8601: how long it was looked at. */
  readonly watched: string;
  /** ISO 8601: when DPS took the attacker no more, for as long as it was looked at; `never` where it did to the end. */
  readonly outOfDps: string;
  /** The same of the hub: neither what he had for it nor what DPS gave him anew was taken there. */
  readonly outOfHub: string;
  /** Honest devices that were looked at. */
  readonly honest: readonly string[];
  /** Those of the honest that did not get into service any more at the last look. */
  readonly hurt: readonly string[];
}

/** Stands for a time that did not come. */
export const never = 'never';
