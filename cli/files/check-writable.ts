import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { done, failed, type Result } from '../../core/result.ts';
import { FileProblem, whyNot } from './file-problem.ts';
import { isReplaceable } from './is-replaceable.ts';
import { makeFolder } from './make-folder.ts';

/** Checks before a long run that a result file can be written at its end. Creates the folder of the file. */
export function checkWritable(file: string): Result<undefined> {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
      return failed('folder', `${file} is a folder; name a file`);
    }
    if (!isReplaceable(file)) {
      return failed('no-file', `${file} is a device, a pipe or a socket, and a file would replace it; name a file`);
    }
    const folder = dirname(resolve(file));
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return done;
  } catch (error) {
    const sentence = error instanceof FileProblem ? error.message : `${file} cannot be written: ${whyNot(error)}`;
    return failed('not-writable', sentence);
  }
}
