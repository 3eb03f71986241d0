/** What a user name tells: which service is meant, and who calls. */
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
      /** The digital twin model that the device names. */
      readonly modelId: string | undefined;
    };

/**
 * Reads `{idScope}/registrations/{registrationId}/api-version=…[&ClientVersion=…]` (DPS) or
 * `{host}/{deviceId}[/{moduleId}]/?api-version=…[&model-id=…]` (hub). The port that some clients leave in the host is dropped.
 */
export function parseUserName(text: string): UserName | undefined {
  const [first = '', second = '', third = '', ...rest] = text.split('/');
  if (second === 'registrations' && first !== '' && third !== '') {
    const apiVersion = new URLSearchParams(rest.join('/')).get('api-version') ?? undefined;
    return { kind: 'dps', idScope: first, registrationId: third, apiVersion };
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
