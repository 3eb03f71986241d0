import { useEffect, useState } from 'preact/hooks';
import { hashOf, type Route, routeOf } from './route.ts';

/** Returns the route in the address, and a function that replaces it without a new entry in the browser history. */
export function useRoute(): readonly [Route, (route: Route) => void] {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(routeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const replace = (next: Route): void => {
    history.replaceState(null, '', hashOf(next));
    setRoute(next);
  };
  return [route, replace];
}
