import type { ToolEnd } from './tool.ts';

/** The end of a program, and what the program left behind. */
export interface ProgramEnd extends ToolEnd {
  /** Number of processes that the program had started and that still ran when the program ended. The helper process killed them. */
  readonly leftBehind: number;
  /** Number of bytes of the program's output that the helper process dropped. */
  readonly droppedBytes: number;
}

/** A message of the helper process about a program with its own process group. */
export type FromGroup =
  | { readonly kind: 'group-started'; readonly pid: number }
  | { readonly kind: 'group-not-started'; readonly code: string | undefined; readonly sentence: string }
  | { readonly kind: 'group-bytes'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  /** The helper process has forwarded all output that the program had written before the last `flush-group`. */
  | { readonly kind: 'group-flushed' }
  | ({ readonly kind: 'group-ended' } & ProgramEnd);
