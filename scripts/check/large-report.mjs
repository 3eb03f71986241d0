import { statSync } from 'node:fs';

/** The size limit in bytes for the report of all shipped scenarios. People attach the report to builds and send it by mail. */
const reportLimit = 2_500_000;

/** Returns the reason why a report page is too large; undefined if the page is small enough or does not exist. */
export function largeReport(file) {
  const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (size < reportLimit) return undefined;
  return `${file} has ${size} bytes, expected less than ${reportLimit}; find what is large with \`npm run bench -- --only report\``;
}
