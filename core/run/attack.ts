/** The description of an attack, as text for people. */
export interface AttackCard {
  /** ID of the attack, such as `leaked-group-key`. Scenarios name it in `attack:`. */
  readonly id: string;
  readonly title: string;
  /** The access and the data that the attacker needs before the attack. */
  readonly needs: string;
  /** Actions of the attacker, and the protocols that they use. */
  readonly does: string;
  /** Traces of the attack in the records of the service, the hub or the factory. */
  readonly seen: string;
  /** Actions of the defender that end the attack, and their cost. */
  readonly cleanup: string;
}
