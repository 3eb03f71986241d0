import { authorityOf } from '../steps/shared/authority-of.ts';
import { mustSucceed } from './must-succeed.ts';
import { hubHost, type World } from './world.ts';

/** What giving CAs to hubs needs of a world; a lab has that much, too. */
interface TrustingWorld extends Pick<World, 'cloud' | 'authorities'> {
  readonly scenario: { readonly cloud: Pick<World['scenario']['cloud'], 'hubs'> };
}

/** Gives each hub the CAs that its words name, so that it recognises devices of type `certificateAuthority` by them. */
export function putHubAuthorities(world: TrustingWorld): void {
  for (const hub of world.scenario.cloud.hubs) {
    if (typeof hub === 'string') continue;
    for (const name of hub.certificateAuthorities) {
      const result = world.cloud.operator.putHubAuthority(hubHost(hub.name), authorityOf(world, name).minted.der);
      mustSucceed(result, `hub ${hub.name} cannot trust ${name}`);
    }
  }
}
