import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { defined } from '../../core/defined.ts';
import type { StudioFile, StudioScenario, StudioText } from '../../reports/html/studio-api.ts';
import { sizeLimit, type Loaded } from '../../sim/scenario/load.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { readRegularFile } from '../../sim/processes/read-regular-file.ts';
import { decodeText } from '../files/decode-text.ts';
import { whyNot } from '../files/file-problem.ts';
import { loadText } from '../files/load-text.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** The scenario files that the studio was started with. No other file is read or written. */
export class ScenarioFiles {
  readonly #files = new Map<string, { digest: string; told: StudioFile }>();
  /** Where each file was when the studio started, through all links. */
  readonly #places = new Map<string, string | undefined>();

  /** @param texts by path, as they were read. */
  constructor(texts: Readonly<Record<string, string>>) {
    for (const [file, text] of Object.entries(texts)) {
      this.#places.set(file, placeOf(file));
      this.#put(file, text);
    }
  }

  list(): readonly StudioFile[] {
    return [...this.#files.values()].map(({ told }) => told);
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** A file as it is on the disk now; a sentence where it cannot be read. */
  read(file: string): StudioText | string {
    const place = this.#places.get(file);
    const now = placeOf(file);
    // Links that were there at the start are the user's own. One that came since would lead to a file that nobody chose.
    if (now !== undefined && now !== place) {
      return `${file} leads to another place than when the studio was started; start the studio again`;
    }
    let text: ReturnType<typeof decodeText>;
    try {
      text = decodeText(readRegularFile(place ?? file, { limit: sizeLimit, followsLink: false }));
    } catch (error) {
      return `${file}: the file cannot be read: ${whyNot(error)}`;
    }
    if (typeof text !== 'string') return `${file}: ${text.message}`;
    this.#put(file, text);
    return { text, digest: digestOf(text) };
  }

  /** Writes a text to its file if that still is the one of `digest`; a sentence where it is not, or cannot be written. */
  save(file: string, text: string, digest: string): { readonly digest: string } | string {
    const now = this.read(file);
    if (typeof now === 'string') return now;
    if (now.digest !== digest) {
      return `${file} has been changed by somebody else since it was opened here; keep your text elsewhere, and "All as it was" brings what is there now`;
    }
    try {
      // Through a link to what it leads to, which stays a link.
      const path = this.#places.get(file) ?? file;
      const mode = statSync(path).mode & 0o777;
      // It would be replaced by a new file, which no mode of the old one prevents.
      if ((mode & 0o222) === 0) return `${file} cannot be written: its mode is read-only`;
      if (Buffer.byteLength(text) > sizeLimit) {
        return `${file} cannot be written: the text is larger than ${sizeLimit / 1024} KB; split it`;
      }
      writeAtomically(path, text, { mode });
    } catch (error) {
      return `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#put(file, text);
    return { digest: digestOf(text) };
  }

  #put(file: string, text: string): void {
    const digest = digestOf(text);
    if (this.#files.get(file)?.digest === digest) return;
    this.#files.set(file, { digest, told: tellFile(file, text, loadText(file, text)) });
  }
}

/** Through all links; undefined if there is no such file. */
function placeOf(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

function tellFile(file: string, text: string, loaded: Loaded): StudioFile {
  if (!loaded.ok)
    return { file, title: titleIn(text) ?? file, tags: [], scenarios: [], mistakes: loaded.mistakes.length };
  const [first] = loaded.scenarios;
  const { story, teaches, attack, tags = [] } = first ?? {};
  return {
    file,
    title: titleIn(text) ?? first?.title ?? file,
    ...defined({ story, teaches, attack }),
    tags,
    scenarios: loaded.scenarios.map(tellScenario),
    mistakes: 0,
  };
}

export function tellScenario({ id, title, variant, shows }: Scenario): StudioScenario {
  return { id, title, variant, ...defined({ shows }) };
}

/** As it is written, with the places that the matrix fills. */
function titleIn(text: string): string | undefined {
  try {
    const title: unknown = (parse(text) as Readonly<Record<string, unknown>> | null)?.['title'];
    return typeof title === 'string' ? title.replaceAll(/\$\{[\w-]+\}/g, '…') : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
