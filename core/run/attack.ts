/** The description of an attack for people. */
export interface AttackCard {
  /** Such as `leaked-group-key`; scenarios name it in `attack:`. */
  readonly id: string;
  readonly title: string;
  /** Prerequisites of the attacker. */
  readonly needs: string;
  /** Actions of the attacker, and the protocols that they use. */
  readonly does: string;
  /** Traces in the records of the service, the hub or the factory. */
  readonly seen: string;
  /** Actions of the defender that end the attack, and their cost. */
  readonly cleanup: string;
}
