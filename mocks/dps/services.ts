import type { ProvisioningService } from './service.ts';

/**
 * The provisioning services of all tenants. Devices reach them at one endpoint; the ID scope in a request selects the service.
 */
export class Services {
  /** The service that the lab's devices are meant to use. */
  readonly own: ProvisioningService;
  /** Services of other tenants, by ID scope in lower case. */
  readonly #otherTenants: ReadonlyMap<string, ProvisioningService>;

  constructor(own: ProvisioningService, otherTenants: readonly ProvisioningService[] = []) {
    this.own = own;
    this.#otherTenants = new Map(otherTenants.map((service) => [service.idScope.toLowerCase(), service]));
  }

  /** Returns the service with this ID scope. Returns our own for an unknown ID scope: it answers with the refusal. */
  of(idScope: string): ProvisioningService {
    return this.#otherTenants.get(idScope.toLowerCase()) ?? this.own;
  }
}
