import type { Cloud } from '../../core/cloud/cloud.ts';
import type { Authority } from '../pki/authority.ts';
import type { HubSpec } from '../scenario/schema.ts';
import { hubHost } from './hub-host.ts';
import { mustSucceed } from './must-succeed.ts';
import { requireAuthority } from './require-authority.ts';

/**
 * Gives each hub the CAs that its settings name. The hub uses them to authenticate devices of type `certificateAuthority`.
 * @throws StepProblem if no CA has such a name.
 */
export function putHubAuthorities(
  hubs: readonly HubSpec[],
  {
    cloud,
    authorities,
  }: { readonly cloud: Pick<Cloud, 'operator'>; readonly authorities: ReadonlyMap<string, Authority> },
): void {
  for (const hub of hubs) {
    if (typeof hub === 'string') continue;
    for (const name of hub.certificateAuthorities) {
      const result = cloud.operator.putHubAuthority(hubHost(hub.name), requireAuthority(authorities, name).minted.der);
      mustSucceed(result, `hub ${hub.name} rejects the CA certificate "${name}"`);
    }
  }
}
