import { appendFileSync } from 'node:fs';

/** Appends a text to the job summary of GitHub Actions. Does nothing outside GitHub Actions. */
export function writeJobSummary(text: string | undefined): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (text !== undefined && file !== undefined && file !== '') appendFileSync(file, text);
}
