import type { ProvisioningService } from './service.ts';

/**
 * The provisioning services of all tenants. Devices use one endpoint for all of them; the ID scope in a request selects the
 * service.
 */
export class Services {
  /** The service of the lab. All other services belong to other tenants. */
  readonly own: ProvisioningService;
  /** Services of other tenants, by ID scope in lower case. */
  readonly #otherTenants: ReadonlyMap<string, ProvisioningService>;

  constructor(own: ProvisioningService, otherTenants: readonly ProvisioningService[] = []) {
    this.own = own;
    this.#otherTenants = new Map(otherTenants.map((service) => [service.idScope.toLowerCase(), service]));
  }

  /**
   * Returns the service with this ID scope. If no service has it, returns the service of the lab, which then refuses the
   * request.
   */
  of(idScope: string): ProvisioningService {
    return this.#otherTenants.get(idScope.toLowerCase()) ?? this.own;
  }
}
