import { dirname, resolve } from 'node:path';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import type { VirtualClock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import type { History } from '../../core/history/history.ts';
import type { Device } from '../devices/device.ts';
import type { ScenarioHead } from '../scenario/schema.ts';
import { allHubNames, hubHost } from '../world/hub-host.ts';
import { membersOf } from '../world/members-of.ts';
import { Program } from './program.ts';
import type { Programs } from './programs.ts';

/** The parts of the simulated world that the programs of its devices need. */
interface Surroundings {
  readonly clock: VirtualClock;
  readonly history: History;
  readonly cloud: Pick<Cloud, 'ports' | 'idScope'>;
  readonly devices: ReadonlyMap<string, Device>;
  /** Path of the scenario file. */
  readonly file: string;
  readonly makeFolder: (name: string) => string;
}

/** Adds a program for each device with `program`. Starts no process. */
export function openPrograms(
  programs: Programs,
  scenario: ScenarioHead,
  { clock, history, cloud, devices, file, makeFolder }: Surroundings,
): void {
  const surroundings = {
    clock,
    ports: cloud.ports,
    idScope: cloud.idScope,
    hosts: [globalEndpoint, ...scenario.cloud.aliases, ...allHubNames(scenario.cloud).map(hubHost)],
    folder: resolve(dirname(file)),
    makeFolder,
    tell: (device: string, sentence: string): void =>
      history.record({ kind: 'deed', party: 'device', subject: device, sentence }),
  };
  for (const [entry, spec] of Object.entries(scenario.devices)) {
    if (spec.program === undefined) continue;
    for (const name of membersOf(entry, spec)) {
      const device = devices.get(name);
      if (device !== undefined) programs.add(new Program(device, spec.program, surroundings));
    }
  }
}
