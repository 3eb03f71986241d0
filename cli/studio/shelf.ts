import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { defined } from '../../core/defined.ts';
import type { StudioFile, StudioScenario, StudioText } from '../../reports/html/studio-api.ts';
import type { Loaded } from '../../sim/scenario/load.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { readText } from '../files/read-text.ts';
import { loadText } from '../files/load-text.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** The scenario files that the studio was started with. No other file is read or written. */
export class ScenarioFiles {
  readonly #files = new Map<string, { digest: string; told: StudioFile }>();

  /** @param texts by path, as they were read. */
  constructor(texts: Readonly<Record<string, string>>) {
    for (const [file, text] of Object.entries(texts)) this.#put(file, text);
  }

  list(): readonly StudioFile[] {
    return [...this.#files.values()].map(({ told }) => told);
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** A file as it is on the disk now; a sentence where it cannot be read. */
  read(file: string): StudioText | string {
    const text = readText(file);
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
      const path = realpathSync(file);
      writeAtomically(path, text, { mode: statSync(path).mode & 0o777 });
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
