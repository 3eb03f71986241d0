import { useLayoutEffect, useState } from 'preact/hooks';

/** Returns the width of a lane in pixels: as wide as possible while the texts of the events stay readable. */
export function useLaneWidth(
  heading: { readonly current: HTMLElement | null },
  lanes: number,
  isNarrow: boolean,
): number {
  const [room, setRoom] = useState(defaultRoom);
  useLayoutEffect(() => {
    const measure = (): void => setRoom(heading.current?.clientWidth ?? defaultRoom);
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [lanes]);
  if (isNarrow) return 18;
  return Math.round(Math.min(72, Math.max(38, (room - timeWidth - textWidth) / Math.max(1, lanes))));
}

const defaultRoom = 900;
/** Widths in pixels: `timeWidth` of the column of times, `textWidth` of the texts if there is enough space. */
const timeWidth = 172;
const textWidth = 360;
