/** The registration in an AMQP link address or in a SASL user name. */
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
