/** The simulation of a fleet has no reliable result, so the run is inconclusive. */
export class FleetUnclear extends Error {}
