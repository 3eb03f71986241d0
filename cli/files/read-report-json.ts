import { join } from 'node:path';
import { readReportFile } from '../report/read-report-file.ts';
import { decodeText } from './decode-text.ts';
import { whyNot } from './file-problem.ts';
import { jsonIn } from './read-json.ts';

/**
 * Reads a JSON file of a report folder, which may come from somewhere else.
 *
 * @param names folders and file below `folder`.
 * @returns a sentence with the place if it is none, or if it is reached by a link.
 */
export function readReportJson(
  folder: string,
  names: readonly string[],
): { readonly value: unknown } | { readonly sentence: string } {
  const path = join(folder, ...names);
  let bytes: Buffer;
  try {
    bytes = readReportFile(folder, names);
  } catch (error) {
    return { sentence: `${path} cannot be read: ${whyNot(error)}` };
  }
  return jsonIn(path, decodeText(bytes));
}
