import { appendFileSync } from 'node:fs';

/** Adds to the summary of the job. GitHub Actions names a file for it; elsewhere nothing happens. */
export function writeJobSummary(text: string | undefined): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (text !== undefined && file !== undefined && file !== '') appendFileSync(file, text);
}
