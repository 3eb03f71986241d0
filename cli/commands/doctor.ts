import type { Command } from 'commander';

/** `rehearse doctor`: reports which parts are installed, and the consequence of each missing part. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'report which parts are installed, the consequence of each missing part, and the command that installs it',
    )
    .option(
      '--json',
      'print the result as JSON: { ok, rehearsal, platform, parts: [{ id, use, isPresent, isNeeded, detail, cost, debian, brew }] }',
    )
    .action(async ({ json }: { readonly json?: true }) => {
      const { doctor } = await import('../doctor/doctor.ts');
      process.exitCode = await doctor(json === true);
    });
}
