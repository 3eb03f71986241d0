import { existsSync, statSync } from 'node:fs';
import { defined } from '../../core/defined.ts';
import { forwardSlashes } from '../../core/forward-slashes.ts';

/** A file or folder that the user named, and the variant if the user named one. */
export interface ChosenPath {
  readonly path: string;
  /** Name or ID part of the variant, such as `validity-p90d`. */
  readonly variant?: string;
}

/**
 * Returns the file to which a path or the ID of a scenario refers: `qa/pump`, `qa/pump#late` and `qa/pump.yaml#late` all mean the file
 * `qa/pump.yaml`. A file or folder that has exactly the given name comes first. If there is no such file, `path` is the given text.
 */
export function chosenPath(given: string): ChosenPath {
  if (existsSync(given)) return { path: given };
  const at = given.indexOf('#');
  const base = at < 0 ? given : given.slice(0, at);
  const path = (at < 0 ? [] : [base]).concat(`${base}.yaml`, `${base}.yml`).find(isFile);
  if (path === undefined) return { path: given };
  return { path, ...defined({ variant: at < 0 ? undefined : given.slice(at + 1) }) };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Returns a path or an ID in the form of an ID: without `./` at its start, and without the ending of the file. */
export function asId(given: string): string {
  return forwardSlashes(given)
    .replace(/^\.\//, '')
    .replace(/\.ya?ml(?=#|$)/, '');
}
