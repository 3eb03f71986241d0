import type { ScenarioHead } from '../scenario/schema.ts';

/** A device of a scenario that runs a program. */
export interface ProgramCommand {
  readonly device: string;
  /** The command line as text for messages. */
  readonly command: string;
}

/** Returns the programs that a scenario would start. */
export function programsIn({ devices }: Pick<ScenarioHead, 'devices'>): readonly ProgramCommand[] {
  return Object.entries(devices).flatMap(([device, { program }]) =>
    program === undefined ? [] : [{ device, command: program.command.join(' ') }],
  );
}

/** States that a scenario may not start its programs, with their command lines. */
export function programsRefused(programs: readonly ProgramCommand[]): string {
  const lines = programs.map(({ device, command }) => `${device}: ${command}`).join('; ');
  return `the scenario starts programs on this computer (${lines}); read their code, and allow them with --allow-programs`;
}
