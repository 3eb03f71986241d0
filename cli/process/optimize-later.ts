import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 optimise a function only when it has run about five times as long as by default. A run executes thousands of functions a few
 * hundred times each, and V8 optimises many of them, in other threads, when the run is nearly over. That costs a tenth of the processor
 * time of a run. A function with a long loop still becomes fast within milliseconds.
 *
 * Does nothing in Node 22 and newer: their V8 has one compiler more, and rejects or reads flags differently.
 */
export function optimizeLater(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString(`--interrupt-budget=${bytesOfBytecode}`);
}

/** The default is 135,168 (flag-definitions.h of V8 11.3). */
const bytesOfBytecode = 600_000;
