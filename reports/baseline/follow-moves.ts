import type { Baseline } from './baseline-shape.ts';

/** A scenario whose file is now in another folder. */
export interface Move {
  /** The former ID. */
  readonly from: string;
  /** The present ID. */
  readonly to: string;
}

/**
 * Finds scenarios whose file was moved to another folder: an ID of the old baseline is missing now, and exactly one new ID has the same
 * file name and the same variant.
 *
 * @returns the moves, and the old baseline with the present IDs.
 */
export function followMoves(old: Baseline, now: Baseline): { readonly old: Baseline; readonly moves: readonly Move[] } {
  const gone = Object.keys(old.scenarios).filter((id) => !Object.hasOwn(now.scenarios, id));
  const added = Object.keys(now.scenarios).filter((id) => !Object.hasOwn(old.scenarios, id));
  const [goneByName, addedByName] = [byName(gone), byName(added)];
  const moves = gone.flatMap((from): readonly Move[] => {
    const [to, ...others] = addedByName.get(nameOf(from)) ?? [];
    const isUnique = others.length === 0 && goneByName.get(nameOf(from))?.length === 1;
    return to !== undefined && isUnique ? [{ from, to }] : [];
  });
  const present = new Map(moves.map(({ from, to }) => [from, to]));
  const entries = Object.entries(old.scenarios).map(([id, entry]) => [present.get(id) ?? id, entry] as const);
  return { old: { ...old, scenarios: Object.fromEntries(entries) }, moves };
}

/** Returns file name and variant of an ID: `leaf-expires#validity=P90D` for `scenarios/tls/leaf-expires#validity=P90D`. */
function nameOf(id: string): string {
  const [path = '', ...variant] = id.split('#');
  return [path.slice(path.lastIndexOf('/') + 1), ...variant].join('#');
}

function byName(ids: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const id of ids) found.set(nameOf(id), [...(found.get(nameOf(id)) ?? []), id]);
  return found;
}
