import type { Telemetry } from '../hub/messages/hub-message.ts';

/** Returns the value of `iothub-connection-auth-method`: how the sender of a message authenticated. */
export function connectionAuthMethod({ authMethod, authScope }: Pick<Telemetry, 'authMethod' | 'authScope'>): string {
  const [type, issuer] = authMethod === 'sas' ? ['sas', 'iothub'] : ['x509Certificate', 'external'];
  return JSON.stringify({ scope: authScope, type, issuer, acceptingIpFilterRule: null });
}
