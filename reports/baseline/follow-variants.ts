import type { Baseline } from './baseline-shape.ts';

/** A variant whose matrix values changed. Its ID contains the values, so the ID changed too. */
export interface ChangedVariant {
  /** The former ID. */
  readonly from: string;
  /** The present ID. */
  readonly to: string;
  /** The changed values, such as `validity P2Y → P10M`. */
  readonly change: string;
}

interface Variant {
  readonly id: string;
  readonly row: number;
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Finds variants whose matrix values changed: pairs of a missing ID and a new ID of the same file. The two variants of a pair differ in one
 * value only, or are at the same position between unchanged entries of the matrix. If two pairs are equally good, returns neither pair.
 *
 * @returns the changed variants, and the old baseline with the present IDs. A baseline of an earlier version has no variants to follow.
 */
export function followVariants(
  old: Baseline,
  now: Baseline,
): { readonly old: Baseline; readonly changed: readonly ChangedVariant[] } {
  const [former, latter] = [variantsByFile(old), variantsByFile(now)];
  const changed = [...former].flatMap(([file, before]) => pairsOf(before, latter.get(file) ?? []));
  const present = new Map(changed.map(({ from, to }) => [from, to]));
  const entries = Object.entries(old.scenarios).map(([id, entry]) => [present.get(id) ?? id, entry] as const);
  return { old: { ...old, scenarios: Object.fromEntries(entries) }, changed };
}

/** Returns the variants of each file in the order of its matrix. */
function variantsByFile({ scenarios }: Baseline): ReadonlyMap<string, readonly Variant[]> {
  const found = new Map<string, Variant[]>();
  for (const [id, { variant, row }] of Object.entries(scenarios)) {
    if (variant === undefined || row === undefined) continue;
    const [file = ''] = id.split('#');
    found.set(file, [...(found.get(file) ?? []), { id, row, values: valuesOf(variant) }]);
  }
  for (const variants of found.values()) variants.sort((one, other) => one.row - other.row);
  return found;
}

/** Returns the values of a variant name such as `validity=P2Y, key=tpm`. A name that the author chose is one value without a key. */
function valuesOf(variant: string): ReadonlyMap<string, string> {
  const parts = variant.split(/, (?=[\w-]+=)/).map((part) => /^([\w-]+)=(.*)$/s.exec(part));
  const isNamed = parts.includes(null);
  return new Map(isNamed ? [['', variant]] : parts.map((part) => [part?.[1] ?? '', part?.[2] ?? '']));
}

function pairsOf(before: readonly Variant[], after: readonly Variant[]): readonly ChangedVariant[] {
  const pairs = new Map<string, string>(before.filter(({ id }) => idsOf(after).has(id)).map(({ id }) => [id, id]));
  const unchanged = pairs.size;
  for (const [from, to] of pairsByValues(without(before, pairs.keys()), without(after, pairs.values()))) {
    pairs.set(from, to);
  }
  for (const [from, to] of pairsByPlace(before, after, pairs)) pairs.set(from, to);
  return [...pairs].slice(unchanged).map(([from, to]) => ({ from, to, change: changeText(from, to, before, after) }));
}

function idsOf(variants: readonly Variant[]): ReadonlySet<string> {
  return new Set(variants.map(({ id }) => id));
}

function without(variants: readonly Variant[], ids: Iterable<string>): readonly Variant[] {
  const left = new Set(ids);
  return variants.filter(({ id }) => !left.has(id));
}

type Pair = readonly [from: string, to: string];

/**
 * Pairs an old and a new variant that differ in exactly one of several values. Omits a pair if one of its variants could also form a pair
 * with another variant.
 */
function pairsByValues(gone: readonly Variant[], added: readonly Variant[]): readonly Pair[] {
  const isAlike = (one: Variant, other: Variant): boolean => {
    const words = new Set([...one.values.keys(), ...other.values.keys()]);
    return words.size > 1 && changedWords(one, other).length === 1;
  };
  return gone.flatMap((one): readonly Pair[] => {
    const [partner, ...others] = added.filter((other) => isAlike(one, other));
    if (partner === undefined || others.length > 0) return [];
    return gone.filter((rival) => isAlike(rival, partner)).length === 1 ? [[one.id, partner.id]] : [];
  });
}

/**
 * Pairs, in order, the changed variants between the same two unchanged variants, if old and new matrix have the same number of changed
 * variants there.
 */
function pairsByPlace(
  before: readonly Variant[],
  after: readonly Variant[],
  known: ReadonlyMap<string, string>,
): readonly Pair[] {
  const present = new Set(known.values());
  const gaps = gapsOf(before, (id) => known.get(id));
  const filled = gapsOf(after, (id) => (present.has(id) ? id : undefined));
  return [...gaps].flatMap(([gap, gone]) => {
    const added = filled.get(gap) ?? [];
    if (gone.length !== added.length) return [];
    return gone.flatMap((one, index): readonly Pair[] => {
      const other = added[index];
      return other !== undefined && haveSameWords(one, other) ? [[one.id, other.id]] : [];
    });
  });
}

/** Groups the changed variants by the present IDs of the unchanged variants before and after them. */
function gapsOf(
  variants: readonly Variant[],
  knownAs: (id: string) => string | undefined,
): ReadonlyMap<string, readonly Variant[]> {
  const gaps = new Map<string, readonly Variant[]>();
  let previous = '';
  let open: Variant[] = [];
  for (const variant of [...variants, undefined]) {
    const next = variant === undefined ? '' : knownAs(variant.id);
    if (variant !== undefined && next === undefined) {
      open.push(variant);
      continue;
    }
    if (open.length > 0) gaps.set(JSON.stringify([previous, next]), open);
    open = [];
    previous = next ?? '';
  }
  return gaps;
}

function haveSameWords(one: Variant, other: Variant): boolean {
  return one.values.size === other.values.size && [...one.values.keys()].every((word) => other.values.has(word));
}

function changedWords({ values: was }: Variant, { values: is }: Variant): readonly string[] {
  return [...new Set([...was.keys(), ...is.keys()])].filter((word) => was.get(word) !== is.get(word));
}

function changeText(from: string, to: string, before: readonly Variant[], after: readonly Variant[]): string {
  const [one, other] = [before.find(({ id }) => id === from), after.find(({ id }) => id === to)];
  if (one === undefined || other === undefined) return `${from} → ${to}`;
  return changedWords(one, other)
    .map((word) => `${word} ${one.values.get(word) ?? 'absent'} → ${other.values.get(word) ?? 'absent'}`.trimStart())
    .join(', ');
}
