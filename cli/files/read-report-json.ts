import { join } from 'node:path';
import { failed, type Result } from '../../core/result.ts';
import { readReportFile } from '../report/read-report-file.ts';
import { decodeText } from './decode-text.ts';
import { whyNot } from './file-problem.ts';
import { jsonIn } from './read-json.ts';

/**
 * Reads a JSON file of a report folder, which may come from another computer. Fails if the file is not JSON or is reached through a
 * link.
 *
 * @param names names of the subfolders and of the file, below `folder`.
 */
export function readReportJson(folder: string, names: readonly string[]): Result<unknown> {
  const path = join(folder, ...names);
  let bytes: Buffer;
  try {
    bytes = readReportFile(folder, names);
  } catch (error) {
    return failed('unreadable', `${path} cannot be read: ${whyNot(error)}`);
  }
  return jsonIn(path, decodeText(bytes));
}
