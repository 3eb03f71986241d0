import type { Run } from '../../core/run/run.ts';

/** Title and variant of a run, as a person would tell it from its siblings. */
export function titleOf({ title, variant }: Pick<Run, 'title' | 'variant'>): string {
  return variant === '' ? title : `${title} (${variant})`;
}
