/** The registration that an AMQP link or a SASL user name is about. */
export interface RegistrationAddress {
  readonly idScope: string;
  readonly registrationId: string;
}

/** Returns true if two addresses name the same registration. Letter case does not count. */
export function isSameRegistration(a: RegistrationAddress, b: RegistrationAddress): boolean {
  return (
    a.idScope.toLowerCase() === b.idScope.toLowerCase() &&
    a.registrationId.toLowerCase() === b.registrationId.toLowerCase()
  );
}
