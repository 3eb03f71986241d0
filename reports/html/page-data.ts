import type { Attestation, Transport } from '../../core/history/events.ts';
import type { AttackCard } from '../../core/run/attack.ts';
import type { Run } from '../../core/run/run.ts';
import type { Difference } from '../baseline/compare.ts';
import type { Topic } from '../../core/run/topic.ts';

/** What the page opens with: all but the runs themselves. Written by `reportPage`, read by the page. */
export interface PageIndex {
  readonly seed: string;
  readonly shard: string | null;
  readonly sabotage: string | null;
  readonly versions: Run['versions'];
  readonly complete: boolean;
  readonly troubles: readonly string[];
  readonly wallMs: number;
  /** From the report folder to where the paths of scenario files start, with `/`; empty where that is not known. */
  readonly sourceBase: string;
  readonly chapters: readonly { readonly id: string; readonly title: string }[];
  readonly topics: readonly Topic[];
  readonly attacks: readonly AttackCard[];
  readonly entries: readonly PageEntry[];
  /** Those of an earlier run, with IDs that begin with `then:`; none where there was none to hold it against. */
  readonly earlier: readonly PageEntry[];
  /** What differs from the earlier run; null where there is none. */
  readonly differences: readonly Difference[] | null;
  /** null where it is no run of a matrix. */
  readonly matrix: PageMatrix | null;
}

/** A decision matrix, each row with the ID of its scenario. */
export interface PageMatrix {
  readonly columns: readonly { readonly heading: string; readonly meaning: string }[];
  readonly sections: readonly {
    readonly heading: string;
    readonly rows: readonly PageMatrixRow[];
  }[];
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

export interface PageMatrixRow {
  readonly id: string;
  /** Key store, factory and attack. */
  readonly choices: readonly [string, string, string];
  /** One for each column; null where it was not played to its end, for which `reason` says why. */
  readonly words: readonly string[] | null;
  readonly reason: string;
  /** Whether the thief passed for anybody. */
  readonly isReached: boolean;
}

/** A scenario variant in the overview. */
export interface PageEntry extends Pick<
  Run,
  'id' | 'file' | 'title' | 'variant' | 'tags' | 'covers' | 'attack' | 'shows' | 'verdict' | 'warnings' | 'sabotage'
> {
  readonly virtualDuration: string;
  readonly wallMs: number;
  readonly attempts: number;
  readonly flaky: boolean;
  /** Why it is flaky, in one line. */
  readonly flakyText?: string;
  readonly runFile: string | null;
  readonly replay: string;
  readonly attestations: readonly Attestation[];
  readonly transports: readonly Transport[];
  /** Place of the text that its file had when it was played; null where that was not kept. */
  readonly text: number | null;
  /** Where its run is: the block, and the place in it. */
  readonly block: number;
  readonly place: number;
}

/** IDs of the elements that hold blocks: JSON, compressed with gzip, in base64. */
export const indexElement = 'index';
/** Texts of scenario files, each once. */
export const textsElement = 'texts';
export function blockElement(block: number): string {
  return `block-${block}`;
}

/** Where the page's data goes in its template. */
export const dataMark = '<!--data-->';
