/** An attack for people: what it takes, what it does and what becomes of it. */
export interface AttackCard {
  /** Such as `leaked-group-key`; scenarios name it under `attack`. */
  readonly id: string;
  readonly title: string;
  /** What the attacker has to have first. */
  readonly needs: string;
  /** What he does, over which wire. */
  readonly does: string;
  /** What shows in the records of the service, the hub or the factory. */
  readonly seen: string;
  /** What the defender does to end it, and what that costs. */
  readonly cleanup: string;
}
