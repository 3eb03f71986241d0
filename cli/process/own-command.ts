import { packageRoot } from '../package-root.ts';

/**
 * Returns the words that start this command where its output is read: in a checkout the script itself, elsewhere npx with the name of the
 * package. The name of the command, `rehearse`, belongs to another package at npm, which npx would fetch if this one is not installed.
 */
export function ownCommand(): readonly string[] {
  return process.cwd() === packageRoot ? ['node', 'cli/rehearse.mjs'] : ['npx', 'dps-rehearsal'];
}
