/** Chooses a hub (host name) for a registration, or none. `hubs` are the candidates. */
export type AllocationPolicy = (registrationId: string, hubs: readonly string[]) => string | undefined;
