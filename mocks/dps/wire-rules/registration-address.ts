/** The registration that an AMQP link address or a SASL user name names. */
export interface RegistrationAddress {
  readonly idScope: string;
  readonly registrationId: string;
}

/** Returns true if two addresses name the same registration. Upper and lower case do not differ. */
export function isSameRegistration(a: RegistrationAddress, b: RegistrationAddress): boolean {
  return (
    a.idScope.toLowerCase() === b.idScope.toLowerCase() &&
    a.registrationId.toLowerCase() === b.registrationId.toLowerCase()
  );
}
