import { statSync } from 'node:fs';

/** The limit for the report of all shipped scenarios, in bytes. It is attached to builds and sent by mail. */
const reportLimit = 2_500_000;

/** Returns the reason why a report page is too large; undefined if it is not, or if there is none. */
export function largeReport(file) {
  const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (size < reportLimit) return undefined;
  return `${file} has ${size} bytes, expected less than ${reportLimit}; find what is large with \`npm run bench -- --only report\``;
}
