import type { ProvisioningService } from './service.ts';

/**
 * The provisioning services of all tenants. Devices reach them at one endpoint; the ID scope in a request selects the service.
 */
export class Services {
  /** The service for the lab's own devices. */
  readonly own: ProvisioningService;
  /** Services of other tenants, by ID scope in lower case. */
  readonly #otherTenants: ReadonlyMap<string, ProvisioningService>;

  constructor(own: ProvisioningService, otherTenants: readonly ProvisioningService[] = []) {
    this.own = own;
    this.#otherTenants = new Map(otherTenants.map((service) => [service.idScope.toLowerCase(), service]));
  }

  /** Returns the service with this ID scope. For an unknown ID scope, returns our own service, which then refuses the request. */
  of(idScope: string): ProvisioningService {
    return this.#otherTenants.get(idScope.toLowerCase()) ?? this.own;
  }
}
