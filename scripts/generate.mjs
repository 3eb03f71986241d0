#!/usr/bin/env node
// `npm run generate`: writes every generated file anew. If the tools of a part are missing, skips the part and prints the reason.
//   npm run generate -- --only schemas,words   only these parts (a minute); all parts take about an hour
//   npm run generate -- --list                 the parts and their files
// Ends with 1 if a part failed, or if a part that `--only` names was skipped.
import { parseArgs } from 'node:util';
import { parts } from './generate/parts.mjs';

process.exitCode = await main();

async function main() {
  const options = readOptions();
  if (options.problem !== undefined) {
    process.stderr.write(`generate: ${options.problem}\n`);
    return 2;
  }
  if (options.list) {
    for (const { name, files } of parts) process.stdout.write(`${name.padEnd(9)} ${files.join(', ')}\n`);
    return 0;
  }
  let code = 0;
  for (const part of parts.filter(({ name }) => options.only?.includes(name) ?? true)) {
    const missing = part.missing?.();
    if (missing !== undefined) {
      process.stdout.write(`${part.name}: skipped: ${missing}\n`);
      if (options.only !== undefined) code = 1;
      continue;
    }
    const failure = await part.write();
    if (failure === undefined) process.stdout.write(`${part.name}: wrote ${part.files.join(', ')}\n`);
    else {
      process.stderr.write(`${part.name}: failed: ${failure}\n`);
      code = 1;
    }
  }
  return code;
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' } } });
    const only = values.only?.split(',').map((name) => name.trim());
    const unknown = only?.find((name) => !parts.some((part) => part.name === name));
    if (unknown === undefined) return { only, list: values.list };
    return { problem: `unknown part "${unknown}"; the parts are ${parts.map(({ name }) => name).join(', ')}` };
  } catch (error) {
    return { problem: error.message };
  }
}
