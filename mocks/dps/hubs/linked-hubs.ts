import type { LinkedHubSettings } from '../../../core/cloud/cloud.ts';
import type { HubLink } from '../../../core/cloud/cloud-operator.ts';
import type { ProvisionedHub } from '../../shared/provisioned-hub.ts';

/** The settings of a linked hub after the defaults are filled in. */
export type LinkedHub = Required<LinkedHubSettings>;

/** Fills in the defaults of a linked hub. @throws RangeError if the weight is not a whole number from 1 to 1000. */
export function linkedHub(given: string | LinkedHubSettings): LinkedHub {
  const {
    host,
    weight = 1,
    latencyMs = Infinity,
    applyAllocationPolicy = true,
    events = {},
    disableDeviceSAS = false,
    disableModuleSAS = false,
  } = typeof given === 'string' ? { host: given } : given;
  if (!Number.isInteger(weight) || weight < 1 || weight > 1000) {
    throw new RangeError(`the weight of ${host} is ${weight}; expected a whole number from 1 to 1000`);
  }
  return { host, weight, latencyMs, applyAllocationPolicy, events, disableDeviceSAS, disableModuleSAS };
}

/** The hubs to which the service may assign devices, with the state of each link. Host names are case-insensitive. */
export class LinkedHubs {
  readonly all: readonly LinkedHub[];
  readonly #hubs: ReadonlyMap<string, ProvisionedHub>;
  readonly #links = new Map<string, HubLink>();

  /** @param hubs the hubs by host name. */
  constructor(settings: readonly (string | LinkedHubSettings)[], hubs: ReadonlyMap<string, ProvisionedHub>) {
    this.all = settings.map(linkedHub);
    this.#hubs = new Map([...hubs].map(([host, hub]) => [host.toLowerCase(), hub]));
  }

  find(host: string): ProvisionedHub | undefined {
    return this.#hubs.get(host.toLowerCase());
  }

  /**
   * Returns the hubs from which the service chooses for an enrollment: the linked hubs that the enrollment names. If
   * the enrollment names no hub, returns all linked hubs with `applyAllocationPolicy`.
   */
  candidates(named: readonly string[]): readonly LinkedHub[] {
    if (named.length === 0) return this.all.filter(({ applyAllocationPolicy }) => applyAllocationPolicy);
    const wanted = new Set(named.map((host) => host.toLowerCase()));
    return this.all.filter(({ host }) => wanted.has(host.toLowerCase()));
  }

  link(host: string): HubLink {
    return this.#links.get(host.toLowerCase()) ?? 'healthy';
  }

  /** Sets the condition of the link to a hub. Returns false if no linked hub has this host name. */
  setLink(host: string, link: HubLink): boolean {
    if (!this.#hubs.has(host.toLowerCase())) return false;
    this.#links.set(host.toLowerCase(), link);
    return true;
  }
}
