import type { CheckId } from '../../core/checks.ts';
import type { Attestation, Transport } from '../../core/history/events.ts';
import type { AttackCard } from '../../core/run/attack.ts';
import type { Run, VerdictKind } from '../../core/run/run.ts';
import type { Difference } from '../baseline/difference.ts';
import type { Topic } from '../../core/run/topic.ts';

/** The index that the page loads first, without the runs. `reportPage` writes it. */
export interface PageIndex {
  readonly seed: string;
  readonly shard: string | null;
  readonly sabotage: string | null;
  readonly versions: Run['versions'];
  readonly complete: boolean;
  readonly troubles: readonly string[];
  readonly wallMs: number;
  /**
   * Relative path from the report folder to the folder from which scenario paths start. The path ends with `/`; it is empty if it is
   * unknown.
   */
  readonly sourceBase: string;
  readonly chapters: readonly { readonly id: string; readonly title: string }[];
  readonly topics: readonly Topic[];
  readonly attacks: readonly AttackCard[];
  readonly entries: readonly PageEntry[];
  /** Entries of the earlier run, with IDs that begin with `then:`. Empty if there is no earlier run. */
  readonly earlier: readonly PageEntry[];
  /** Differences from the earlier run; null if there is no earlier run. */
  readonly differences: readonly Difference[] | null;
  /** The decision matrix; null unless `rehearse matrix` wrote the report. */
  readonly matrix: PageMatrix | null;
  /** Address of the page that `rehearse conform` wrote into the same folder; null if there is no such page. */
  readonly conformancePage: string | null;
}

/** A decision matrix. Each row has the ID of its scenario. */
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
  /** The three choices of the row: key store, factory and attack. */
  readonly choices: readonly [string, string, string];
  /** One text for each column; null if the cell has no measurements. In this case, `reason` has the cause. */
  readonly words: readonly string[] | null;
  readonly reason: string;
  /** Step of the colour scale for the blast radius, 0 to 4; null if the cell has no measurements. */
  readonly heat: number | null;
}

/** A scenario variant in the overview. */
export interface PageEntry extends Pick<
  Run,
  'id' | 'file' | 'title' | 'variant' | 'tags' | 'covers' | 'attack' | 'shows' | 'verdict' | 'warnings' | 'sabotage'
> {
  /** Virtual time of the run in words, such as `50 days 6 seconds`. */
  readonly virtualTime: string;
  readonly wallMs: number;
  readonly attempts: number;
  readonly flaky: boolean;
  /** Reason why the scenario is flaky, in one line. */
  readonly flakyText?: string;
  readonly runFile: string | null;
  readonly replay: string;
  readonly attestations: readonly Attestation[];
  readonly transports: readonly Transport[];
  /** One sentence that explains why the run did not pass; undefined if it passed. */
  readonly why?: string;
  /** The check whose failure decided that the run did not pass. */
  readonly decidedBy?: CheckId;
  /** The checks that refused registrations, each once. */
  readonly checks: readonly CheckId[];
  /** The error codes that devices received, such as `401002`, each once. */
  readonly codes: readonly string[];
  /** The names in the scenario of the hubs to which DPS assigned devices. */
  readonly hubs: readonly string[];
  /** Names of the devices that registered; at most 50, because a fleet may have many. */
  readonly devices: readonly string[];
  /** Verdicts of this scenario in earlier runs, the oldest first; `null` where a run did not have it. */
  readonly past: readonly (VerdictKind | null)[];
  /** Index of the scenario file's text at the time of the run; null if the text is unknown. */
  readonly text: number | null;
  /** Position of the run in the data of the page: number of the block, and index in the block. */
  readonly block: number;
  readonly place: number;
}

/** The fields of a certificate that the page shows. Its names and validity are in the events that refer to the certificate. */
export interface PageCertificate {
  /** Serial number in hexadecimal capitals. */
  readonly serial: string;
  /** Version of X.509: 1, 2 or 3. */
  readonly version: number;
  /** Public key, such as `EC prime256v1` or `RSA 2048`. */
  readonly key: string;
  /** Signature algorithm, or its object identifier. */
  readonly signature: string;
  /** Subject alternative names with their forms; absent without this extension. */
  readonly names?: readonly string[];
  readonly keyUsage?: readonly string[];
  readonly extendedKeyUsage?: readonly string[];
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  /** Names of the shown extensions that are critical. */
  readonly critical: readonly string[];
  /** SHA-1 thumbprint in hexadecimal capitals. */
  readonly sha1: string;
  /** The whole certificate: base64 of the DER. */
  readonly der: string;
}

/**
 * A certificate as a report stores it. The element `certificateOctetsElement` has the octets of all certificates, in the order of the
 * certificates.
 */
export interface StoredCertificate extends Omit<PageCertificate, 'der'> {
  /** Octets of the DER. */
  readonly length: number;
}

/** ID of the element with the index. Unless a comment says otherwise, each of these elements has JSON, compressed with gzip, in base85. */
export const indexElement = 'index';
/** ID of the element with the texts of scenario files, each once. */
export const textsElement = 'texts';
/** ID of the element with the certificates of all runs, each once, by thumbprint. A report without certificates does not have it. */
export const certificatesElement = 'certificates';
/** ID of the element with the octets of all certificates, compressed with gzip, in base85. */
export const certificateOctetsElement = 'certificate-octets';
/** ID of the element with the values that several runs have in common: the `rows` of `SharedTable`. */
export const sharedElement = 'shared';
/** Returns the ID of the element with a block of runs. */
export function blockElement(block: number): string {
  return `block-${block}`;
}

/** The placeholder for the data in the template of the page. */
export const dataMark = '<!--data-->';
