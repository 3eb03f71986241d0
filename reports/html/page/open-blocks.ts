import type { Run } from '../../../core/run/run.ts';
import { fromBase85 } from '../base85.ts';
import {
  blockElement,
  certificateOctetsElement,
  certificatesElement,
  indexElement,
  sharedElement,
  textsElement,
  type PageEntry,
  type PageIndex,
  type StoredCertificate,
} from '../page-data.ts';
import { valueRestorer, type Json } from '../shared-values.ts';
import type { Certificates } from './certificate/known-certificates.ts';

/** Reads the index of the page. */
export async function openIndex(): Promise<PageIndex> {
  const index: PageIndex = await opened(indexElement);
  return index;
}

const blocks = new Map<number, Promise<readonly Run[]>>();
let texts: Promise<readonly string[]> | undefined;

/** Reads the run of an entry, with its history. */
export async function openRun({ block, place, id, text }: PageEntry): Promise<Run> {
  let runs = blocks.get(block);
  if (runs === undefined) {
    runs = openBlock(block);
    blocks.set(block, runs);
  }
  const run = (await runs)[place];
  if (run === undefined) throw new Error(`the report has no run of ${id}`);
  if (text === null) return run;
  texts ??= opened(textsElement);
  const found = (await texts)[text];
  return found === undefined ? run : { ...run, text: found };
}

let restorer: Promise<(value: Json) => Json> | undefined;

/** Reads a block of runs, and replaces the references in it by the shared values. */
async function openBlock(block: number): Promise<readonly Run[]> {
  const values = opened<readonly Json[]>(blockElement(block));
  restorer ??= opened<readonly Json[]>(sharedElement).then(valueRestorer);
  const restore = await restorer;
  // `reportPage` wrote the runs with `SharedTable`, so `restore` returns them unchanged.
  return (await values).map((value) => restore(value) as Json & Run);
}

let certificates: Promise<Certificates> | undefined;

/** Reads the certificates of all runs. Returns an empty object for a report without certificates. */
export function openCertificates(): Promise<Certificates> {
  certificates ??=
    document.querySelector(`#${certificatesElement}`) === null ? Promise.resolve({}) : readCertificates();
  return certificates;
}

async function readCertificates(): Promise<Certificates> {
  const stored = await opened<Readonly<Record<string, StoredCertificate>>>(certificatesElement);
  const octets = new Uint8Array(await content(certificateOctetsElement).arrayBuffer());
  let start = 0;
  return Object.fromEntries(
    Object.entries(stored).map(([thumbprint, { length, ...fields }]) => {
      const der = octets.subarray(start, (start += length));
      return [thumbprint, { ...fields, der: btoa(String.fromCodePoint(...der)) }];
    }),
  );
}

async function opened<T>(id: string): Promise<T> {
  const value: T = await content(id).json();
  return value;
}

/** Returns the decompressed content of an element. */
function content(id: string): Response {
  const text = document.querySelector(`#${id}`)?.textContent;
  if (text === undefined || text === null) throw new Error(`the part "${id}" of the report is missing`);
  return new Response(new Blob([fromBase85(text)]).stream().pipeThrough(new DecompressionStream('gzip')));
}
