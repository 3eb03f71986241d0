import type { Command } from 'commander';
import { addAudit } from './audit.ts';
import { addCheck } from './check.ts';
import { addCompare } from './compare.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { addInit } from './init.ts';
import { addList } from './list.ts';
import { addMatrix } from './matrix.ts';
import { addMerge } from './merge.ts';
import { addReport } from './report.ts';
import { addRun } from './run.ts';
import { addSchema } from './schema.ts';
import { addServe } from './serve.ts';
import { addShowReport } from './show-report.ts';
import { addStudio } from './studio.ts';

/** Adds its command to the program, with an action that leaves its exit code in `process.exitCode`. */
export type AddCommand = (program: Command) => void;

/** The commands of `rehearse`, in the order of the help. A new command needs one file and one line here. */
export const commands: readonly AddCommand[] = [
  addRun,
  addMatrix,
  addServe,
  addStudio,
  addExplain,
  addShowReport,
  addReport,
  addMerge,
  addCompare,
  addCheck,
  addList,
  addInit,
  addSchema,
  addAudit,
  addDoctor,
];
