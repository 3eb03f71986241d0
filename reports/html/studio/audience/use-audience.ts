import { useEffect, useState } from 'preact/hooks';
import type { Audience } from '../../studio-api.ts';
import type { Api } from '../api.ts';

/** Follows the view of the audience, which the presenter changes. */
export function useAudience(api: Api): Audience {
  const [audience, setAudience] = useState<Audience>({ play: 0, isRevealed: false });
  useEffect(() => {
    const look = (): void =>
      void api.audience().then(
        (read) => setAudience((now) => (JSON.stringify(now) === JSON.stringify(read) ? now : read)),
        () => {},
      );
    look();
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [api]);
  return audience;
}
