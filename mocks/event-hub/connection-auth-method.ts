import type { Telemetry } from '../hub/messages/hub-message.ts';

/** Returns the value of `iothub-connection-auth-method`: the authentication method of the sender of a message. */
export function connectionAuthMethod({ authMethod, authScope }: Pick<Telemetry, 'authMethod' | 'authScope'>): string {
  const [type, issuer] = authMethod === 'sas' ? ['sas', 'iothub'] : ['x509Certificate', 'external'];
  return JSON.stringify({ scope: authScope, type, issuer, acceptingIpFilterRule: null });
}
