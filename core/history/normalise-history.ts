import type { HistoryEvent } from './events.ts';

/**
 * Returns a history as JSON, with a numbered name for each value that depends on keys. Two runs with the same seed have
 * different keys, but give the same text.
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

// Matches values that depend on keys: thumbprints, registration IDs derived from an EK, base64 of keys and signatures (also
// URL-encoded), wrapped keys.
const unseeded = /\b[0-9A-Fa-f]{40,}\b|\b[a-z2-7]{52}\b|(?:[A-Za-z0-9+/]|%2[BbFf]){28,}(?:={1,2}|(?:%3[Dd]){1,2})?/g;
