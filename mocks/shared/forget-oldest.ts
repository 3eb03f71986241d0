/**
 * Removes the oldest entries of a map that has more than `limit` and a tenth, down to `limit`. It removes many at a time because a
 * map does not skip the entries that were removed at its start in constant time.
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
