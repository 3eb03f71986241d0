import { packageRoot } from '../package-root.ts';

/**
 * Returns the words that start this program in a shell, for commands that rehearse prints: in a checkout the path of the script, elsewhere
 * npx with the package name. `npx rehearse` would fetch a different npm package, whose name is `rehearse`.
 */
export function ownCommand(): readonly string[] {
  return process.cwd() === packageRoot ? ['node', 'cli/rehearse.mjs'] : ['npx', 'dps-rehearsal'];
}
