/**
 * Returns the entry of `routes` whose path matches, or undefined. Ignores letter case and a trailing slash. `*` matches
 * any segment. If several paths match, the path that has a word instead of `*` in the earliest segment wins.
 */
export function matchRoute<Value>(routes: Readonly<Record<string, Value>>, path: readonly string[]): Value | undefined {
  const segments = path.at(-1) === '' ? path.slice(0, -1) : path;
  const fitting = Object.keys(routes).filter((route) => fits(route.split('/'), segments));
  const [best] = fitting.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
  return best === undefined ? undefined : routes[best];
}

function fits(route: readonly string[], segments: readonly string[]): boolean {
  if (route.length !== segments.length) return false;
  return route.every((word, index) =>
    word === '*' ? segments[index] !== '' : word === segments[index]?.toLowerCase(),
  );
}

/** Returns a key by which words sort before `*`. */
function sortKey(route: string): string {
  return route
    .split('/')
    .map((word) => (word === '*' ? '1' : '0'))
    .join('');
}
