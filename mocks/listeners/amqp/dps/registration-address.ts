import type { RegistrationAddress } from '../../../dps/wire-rules/registration-address.ts';

/** Parses `{idScope}/registrations/{registrationId}`, also in a URL `amqps://host/…`. Returns undefined for any other text. */
export function parseRegistrationAddress(text: unknown): RegistrationAddress | undefined {
  if (typeof text !== 'string') return undefined;
  const path = text.replace(/^amqps:\/\/[^/]+/i, '').replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1 || !/^\/registrations\/.+$/i.test(path.slice(slash))) return undefined;
  return { idScope: path.slice(0, slash), registrationId: path.slice(slash + '/registrations/'.length) };
}
