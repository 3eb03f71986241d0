/** A parsed user name: it names the service and the client. */
export type UserName =
  | {
      readonly kind: 'dps';
      readonly idScope: string;
      readonly registrationId: string;
      readonly apiVersion: string | undefined;
    }
  | {
      readonly kind: 'hub';
      readonly host: string;
      readonly deviceId: string;
      readonly moduleId: string | undefined;
      readonly apiVersion: string | undefined;
      /** The model ID in the user name; undefined if it contains none. */
      readonly modelId: string | undefined;
    };

/**
 * Parses `{idScope}/registrations/{registrationId}/api-version=…[&ClientVersion=…]` (DPS) or
 * `{host}/{deviceId}[/{moduleId}]/?api-version=…[&model-id=…]` (hub). Removes the port, which some clients append to the host.
 */
export function parseUserName(text: string): UserName | undefined {
  const [first = '', second = '', third = '', ...rest] = text.split('/');
  if (second === 'registrations' && first !== '' && third !== '') {
    // An ID with a slash is not valid, but its whole text becomes the ID here, so that the refusal can name it.
    const words = rest.findIndex((part) => part.includes('='));
    const restOfId = words === -1 ? rest : rest.slice(0, words);
    const query = words === -1 ? '' : rest.slice(words).join('/');
    const apiVersion = new URLSearchParams(query).get('api-version') ?? undefined;
    return { kind: 'dps', idScope: first, registrationId: [third, ...restOfId].join('/'), apiVersion };
  }
  const host = first.replace(/:\d+$/, '').toLowerCase();
  if (!host.includes('.') || second === '') return undefined;
  const isModule = third !== '' && !third.includes('=');
  const query = [isModule ? '' : third, ...rest].join('/').replace(/^\/?\??/, '');
  const words = new URLSearchParams(query);
  const apiVersion = words.get('api-version') ?? undefined;
  const modelId = words.get('model-id') ?? undefined;
  return { kind: 'hub', host, deviceId: second, moduleId: isModule ? third : undefined, apiVersion, modelId };
}
