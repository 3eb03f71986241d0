import type { Run } from '../../core/run/run.ts';

/** Returns the title of a run and the name of its variant. No other variant of the file has the same text. */
export function titleOf({ title, variant }: Pick<Run, 'title' | 'variant'>): string {
  return variant === '' ? title : `${title} (${variant})`;
}
