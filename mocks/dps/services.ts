import type { ProvisioningService } from './service.ts';

/**
 * The provisioning services of all customers. Devices reach them by one endpoint, and the ID scope that a device says tells
 * which one it means.
 */
export class Services {
  /** The one that the devices are meant for. */
  readonly own: ProvisioningService;
  /** Of other customers, by ID scope in lower case. */
  readonly #strangers: ReadonlyMap<string, ProvisioningService>;

  constructor(own: ProvisioningService, strangers: readonly ProvisioningService[] = []) {
    this.own = own;
    this.#strangers = new Map(strangers.map((service) => [service.idScope.toLowerCase(), service]));
  }

  /** Whom a device means; our own where nobody has such an ID scope, to be told so by it. */
  of(idScope: string): ProvisioningService {
    return this.#strangers.get(idScope.toLowerCase()) ?? this.own;
  }
}
