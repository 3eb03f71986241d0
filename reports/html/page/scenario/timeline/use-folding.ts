import { useEffect, useMemo, useState } from 'preact/hooks';
import { onPrinting, printing } from '../../printing.ts';
import { foldedRows, isHidden, type ShownRow } from './folded-rows.ts';
import { type Repeat, repeatsIn } from './repeats.ts';
import type { Row } from './timeline-rows.ts';

interface Folding {
  /** The rows of the displayed list. */
  readonly shown: readonly ShownRow[];
  /** True if the list has repeated blocks of rows, which the user can fold. */
  readonly hasRepeats: boolean;
  readonly isFolding: boolean;
  readonly setFolding: (isFolding: boolean) => void;
  readonly toggle: (repeat: Repeat) => void;
}

/**
 * Folds repeated blocks of rows. The repeat that contains the chosen row opens, and on paper all rows are visible. @param chosen index
 * among all rows.
 */
export function useFolding(rows: readonly Row[], chosen: number): Folding {
  const repeats = useMemo(() => repeatsIn(rows), [rows]);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [isFolding, setFolding] = useState(true);
  const [isPrinted, setPrinted] = useState(false);
  useEffect(() => onPrinting(() => setPrinted(printing())), []);
  const hiding = repeats.find((repeat) => isHidden(repeat, chosen))?.first;
  useEffect(() => {
    // The repeat stays open after the user has left it, so that the list does not move.
    if (hiding !== undefined) setOpened((now) => new Set([...now, hiding]));
  }, [hiding]);
  const shown = useMemo(
    () => foldedRows(rows, repeats, ({ first }) => isPrinted || !isFolding || opened.has(first) || first === hiding),
    [rows, repeats, isPrinted, isFolding, opened, hiding],
  );
  const toggle = ({ first }: Repeat): void =>
    setOpened((now) => new Set(now.has(first) ? [...now].filter((one) => one !== first) : [...now, first]));
  return { shown, hasRepeats: repeats.length > 0, isFolding, setFolding, toggle };
}
