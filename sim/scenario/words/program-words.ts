import { z } from 'zod';
import { durationLength } from '../../../core/schema/duration.ts';
import { positiveDuration } from './words.ts';

const secondMs = 1000;
/** The longest real time that a program gets after SIGTERM. */
const longestStopMs = 60 * secondMs;

/**
 * Environment variables that a scenario may not set. The run itself sets some of these variables. The others would change the libraries
 * that the program loads.
 */
const ownVariable = /^(?:REHEARSAL_.*|LD_.*|NSS_WRAPPER_.*|FAKETIME.*|HOME|TMPDIR)$/;

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable, such as LOG_LEVEL' })
  .refine((name) => !ownVariable.test(name), {
    error: 'the run sets this environment variable; choose another name',
  });

const text = z
  .string()
  .refine((value) => !value.includes('\0'), { error: 'a NUL character is in this text; remove it' });

/** The program that runs as a device. */
export const programSchema = z
  .strictObject({
    command: z.array(text.min(1)).min(1).meta({
      description:
        'The program and its arguments. A path with `/` is relative to the folder of the scenario file; a name without `/` is searched in PATH.',
    }),
    env: z.record(variableName, text).default({}).meta({
      description: 'Environment variables in addition to those of docs/firmware.md.',
    }),
    workdir: z.string().min(1).optional().meta({
      description: 'Working directory, relative to the folder of the scenario file. Default: that folder.',
    }),
    ready: positiveDuration('Longest virtual time from power-on until a hub accepts telemetry of the program.').default(
      'PT10M',
    ),
    stop: positiveDuration(
      'Real time from SIGTERM until SIGKILL, when a step power-off or package ends the program; at most a minute.',
    )
      .refine((written) => durationLength(written) <= longestStopMs, {
        error: 'expected a duration of at most PT1M',
      })
      .default('PT5S'),
    time: z
      .string()
      .regex(/^(?:jump|x[1-9]\d{0,3})$/, { error: 'expected `jump`, or a factor from x1 to x9999 such as x60' })
      .default('jump')
      .meta({
        description:
          'How virtual time passes while the program runs. jump: virtual time stands still while the program works, and jumps ahead while the program sleeps. x60: virtual time runs at 60 times the real time.',
      }),
  })
  .meta({
    description:
      'A program of the user that runs in place of the simulated device. Needs `rehearse run --allow-programs`; see docs/firmware.md.',
  });

export type ProgramSpec = z.output<typeof programSchema>;
