import { appendFileSync } from 'node:fs';

/** Appends to the job summary, for which GitHub Actions names a file. Does nothing elsewhere. */
export function writeJobSummary(text: string | undefined): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (text !== undefined && file !== undefined && file !== '') appendFileSync(file, text);
}
