import { classicHubName } from '../../core/wire/hub-names.ts';
import type { Hub } from './hub.ts';

/** Hubs by their classic host name. A lookup also accepts the names `device` and `service` of a hub. */
export class HubHosts extends Map<string, Hub> {
  override get(host: string): Hub | undefined {
    return super.get(host) ?? super.get(classicHubName(host));
  }

  override has(host: string): boolean {
    return this.get(host) !== undefined;
  }
}
