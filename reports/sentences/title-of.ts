import type { Run } from '../../core/run/run.ts';

/** Returns the title of a run with its variant, which is unique within the file. */
export function titleOf({ title, variant }: Pick<Run, 'title' | 'variant'>): string {
  return variant === '' ? title : `${title} (${variant})`;
}
