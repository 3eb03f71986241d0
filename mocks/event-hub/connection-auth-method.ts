import type { Telemetry } from '../hub/messages/hub-message.ts';

/** How the sender of a message showed who it is, as `iothub-connection-auth-method` says it. */
export function connectionAuthMethod({ authMethod, authScope }: Pick<Telemetry, 'authMethod' | 'authScope'>): string {
  const [type, issuer] = authMethod === 'sas' ? ['sas', 'iothub'] : ['x509Certificate', 'external'];
  return JSON.stringify({ scope: authScope, type, issuer, acceptingIpFilterRule: null });
}
