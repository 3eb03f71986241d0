import type { LinkedHubSettings } from '../../../core/cloud/cloud.ts';
import type { HubLink } from '../../../core/cloud/cloud-operator.ts';
import type { Hub } from '../../hub/hub.ts';

/** A linked hub, nothing left open. */
export type LinkedHub = Required<LinkedHubSettings>;

/** The settings of a hub with the defaults filled in. Throws where the weight is none. */
export function linkedHub(given: string | LinkedHubSettings): LinkedHub {
  const {
    host,
    weight = 1,
    latencyMs = Infinity,
    applyAllocationPolicy = true,
    events = {},
  } = typeof given === 'string' ? { host: given } : given;
  if (!Number.isInteger(weight) || weight < 1 || weight > 1000) {
    throw new RangeError(`the weight of ${host} is ${weight}; expected a whole number from 1 to 1000`);
  }
  return { host, weight, latencyMs, applyAllocationPolicy, events };
}

/** The hubs that the service may assign devices to, and how it gets on with each. Hosts are compared without case. */
export class LinkedHubs {
  readonly all: readonly LinkedHub[];
  readonly #hubs: ReadonlyMap<string, Hub>;
  readonly #links = new Map<string, HubLink>();

  /** @param hubs by host name. */
  constructor(settings: readonly (string | LinkedHubSettings)[], hubs: ReadonlyMap<string, Hub>) {
    this.all = settings.map(linkedHub);
    this.#hubs = new Map([...hubs].map(([host, hub]) => [host.toLowerCase(), hub]));
  }

  find(host: string): Hub | undefined {
    return this.#hubs.get(host.toLowerCase());
  }

  /** Those that an enrollment may be given: the linked ones that it names, or all that take part. */
  candidates(named: readonly string[]): readonly LinkedHub[] {
    if (named.length === 0) return this.all.filter(({ applyAllocationPolicy }) => applyAllocationPolicy);
    const wanted = new Set(named.map((host) => host.toLowerCase()));
    return this.all.filter(({ host }) => wanted.has(host.toLowerCase()));
  }

  link(host: string): HubLink {
    return this.#links.get(host.toLowerCase()) ?? 'healthy';
  }

  /** Returns whether there is such a hub. */
  setLink(host: string, link: HubLink): boolean {
    if (!this.#hubs.has(host.toLowerCase())) return false;
    this.#links.set(host.toLowerCase(), link);
    return true;
  }
}
