import type { Icon } from './icon-of.ts';

/** Shows a picture of 16 × 16 pixels. It is only decoration, because the text beside it has the same meaning. */
export function EventIcon({ icon }: { readonly icon: Icon }) {
  return (
    <svg class={`icon ${icon}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={drawings[icon]} />
    </svg>
  );
}

/** Outline of each picture. */
const drawings = {
  action: 'M3 13 L9 7 M8 3 a3.5 3.5 0 1 0 5 5 L10.5 7.5 L8.5 5.5 Z',
  certificate:
    'M3 2 h10 v8 h-3 M3 2 v8 h2 M5.5 5 h5 M5.5 7.5 h3 M7.5 9 a2 2 0 1 0 .01 0 M6.2 12.5 v2.5 l1.3 -1 l1.3 1 v-2.5',
  key: 'M6 7 a3 3 0 1 0 0 2 h8 v2.5 M11 9 v2',
  theft: 'M8 1.5 L15 14 H1 Z M8 6 v4 M8 11.8 v.4',
  message: 'M1.5 3.5 h13 v9 h-13 Z M1.5 4 L8 9 L14.5 4',
  accepted: 'M8 1.5 a6.5 6.5 0 1 0 .01 0 M4.8 8.2 L7.2 10.6 L11.4 5.6',
  refused: 'M8 1.5 a6.5 6.5 0 1 0 .01 0 M5.5 5.5 l5 5 M10.5 5.5 l-5 5',
  start: 'M8 1.5 v6 M4.6 3.6 a5.8 5.8 0 1 0 6.8 0',
  log: 'M3 1.5 h10 v13 h-10 Z M5.5 5 h5 M5.5 8 h5 M5.5 11 h3',
  factory: 'M1.5 14 V7 l4 3 V7 l4 3 V2 h4.5 v12 Z',
  time: 'M8 1.5 a6.5 6.5 0 1 0 .01 0 M8 4.5 V8 l2.6 1.8',
  step: 'M4 2 v12 M4 3 h8 l-2 2.7 l2 2.7 H4',
} as const satisfies Record<Icon, string>;
