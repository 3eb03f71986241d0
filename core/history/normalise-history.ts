import type { HistoryEvent } from './events.ts';

/**
 * The history with the values that no seed can fix (keys and all that is made from them) replaced by their order of
 * first appearance. Equal values stay equal, so two runs of one seed normalise to the same text unless something
 * happened differently.
 */
export function normaliseHistory(events: readonly HistoryEvent[]): string {
  const names = new Map<string, string>();
  return JSON.stringify(events, null, 1).replace(unseeded, (value) => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = `«value ${names.size + 1}»`;
    names.set(value, name);
    return name;
  });
}

// Thumbprints, EK-derived registration IDs, base64 of keys, signatures (also URL-encoded) and wrapped keys.
const unseeded = /\b[0-9A-Fa-f]{40,}\b|\b[a-z2-7]{52}\b|(?:[A-Za-z0-9+/]|%2[BbFf]){28,}(?:={1,2}|(?:%3[Dd]){1,2})?/g;
