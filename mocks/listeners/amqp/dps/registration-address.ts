/** The registration that an AMQP link or a SASL user name is about. */
export interface RegistrationAddress {
  readonly idScope: string;
  readonly registrationId: string;
}

/** Reads `{idScope}/registrations/{registrationId}`, also as an `amqps://host/…` URL; undefined where it is neither. */
export function parseRegistrationAddress(text: unknown): RegistrationAddress | undefined {
  if (typeof text !== 'string') return undefined;
  const path = text.replace(/^amqps:\/\/[^/]+/i, '').replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1 || !/^\/registrations\/.+$/i.test(path.slice(slash))) return undefined;
  return { idScope: path.slice(0, slash), registrationId: path.slice(slash + '/registrations/'.length) };
}

/** Whether two addresses are the same registration; neither part has a case. */
export function isSameRegistration(a: RegistrationAddress, b: RegistrationAddress): boolean {
  return (
    a.idScope.toLowerCase() === b.idScope.toLowerCase() &&
    a.registrationId.toLowerCase() === b.registrationId.toLowerCase()
  );
}
