/** A part of a text. `changed` is true if the text that is compared with this text does not have the part at this position. */
export interface Part {
  readonly text: string;
  readonly changed: boolean;
}

/**
 * Returns both texts in parts, with the words that differ. Blanks and punctuation count as words. Texts with more than `mostWords` words
 * are one changed part, because the comparison needs time and memory proportional to the product of both lengths.
 */
export function wordDifference(one: string, other: string): readonly [readonly Part[], readonly Part[]] {
  if (one === other) return [[{ text: one, changed: false }], [{ text: other, changed: false }]];
  const [left, right] = [wordsOf(one), wordsOf(other)];
  if (left.length > mostWords || right.length > mostWords) {
    return [[{ text: one, changed: true }], [{ text: other, changed: true }]];
  }
  const lengths = commonLengths(left, right);
  const kept = [new Set<number>(), new Set<number>()] as const;
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) {
      kept[0].add(i++);
      kept[1].add(j++);
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return [partsOf(withoutCrumbs(left, kept[0]), left), partsOf(withoutCrumbs(right, kept[1]), right)];
}

const mostWords = 400;

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_-]+|\s+|[^\p{L}\p{N}_\s-]/gu) ?? [];
}

/**
 * Returns a table. For a position in each text, it has the length of the longest common subsequence of the words from these positions on.
 */
function commonLengths(left: readonly string[], right: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        left[i] === right[j] ? (lengths[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** Removes equal blanks and punctuation between changed words, because a highlight with gaps is hard to read. */
function withoutCrumbs(words: readonly string[], kept: ReadonlySet<number>): ReadonlySet<number> {
  const isWord = (index: number): boolean => /[\p{L}\p{N}]/u.test(words[index] ?? '');
  const left = new Set(kept);
  for (const index of kept) {
    let from = index;
    let to = index;
    while (kept.has(from - 1) && !isWord(from - 1)) from -= 1;
    while (kept.has(to + 1) && !isWord(to + 1)) to += 1;
    const isCrumb = !isWord(index) && from > 0 && to < words.length - 1 && !kept.has(from - 1) && !kept.has(to + 1);
    if (isCrumb) left.delete(index);
  }
  return left;
}

/** Joins consecutive words that are all changed, or all unchanged, into parts. */
function partsOf(kept: ReadonlySet<number>, words: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  for (const [index, text] of words.entries()) {
    const changed = !kept.has(index);
    const last = parts.at(-1);
    if (last?.changed === changed) parts[parts.length - 1] = { text: last.text + text, changed };
    else parts.push({ text, changed });
  }
  return parts;
}
