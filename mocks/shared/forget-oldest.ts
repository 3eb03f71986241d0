/**
 * Removes the oldest entries down to `limit`, as soon as the map exceeds `limit` by more than a tenth. Removes many
 * entries at a time, because a map finds its first entry slowly after removals at its start.
 */
export function forgetOldest<Key, Value>(
  map: Map<Key, Value>,
  limit: number,
  onForget: (value: Value) => void = () => {},
): void {
  let left = map.size - limit;
  if (left <= limit / 10) return;
  for (const [key, value] of map) {
    if (left-- <= 0) return;
    map.delete(key);
    onForget(value);
  }
}
