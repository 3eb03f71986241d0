import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { defined } from '../../core/defined.ts';
import type { StudioFile, StudioScenario, StudioText } from '../../reports/html/studio-api.ts';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { type Loaded, type Scenario, sizeLimit } from '../../sim/scenario/load.ts';
import { readRegularFile } from '../../sim/processes/read-regular-file.ts';
import { decodeText } from '../files/decode-text.ts';
import { whyNot } from '../files/file-problem.ts';
import { loadText } from '../files/load-files.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { fileTitle } from './file-title.ts';

/** The scenario files with which the user started the studio. The studio reads and writes no other file. */
export class ScenarioFiles {
  readonly #files = new Map<string, { digest: string; summary: StudioFile }>();
  /** Resolved path of each file at the start of the studio. */
  readonly #paths = new Map<string, string | undefined>();

  /** @param texts text of each file, by path. */
  constructor(texts: Readonly<Record<string, string>>) {
    for (const [file, text] of Object.entries(texts)) {
      this.#paths.set(file, resolvedPath(file));
      this.#put(file, text);
    }
  }

  list(): readonly StudioFile[] {
    return [...this.#files.values()].map(({ summary }) => summary);
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** Reads the present text of a file. */
  read(file: string): Result<StudioText> {
    const path = this.#paths.get(file);
    const now = resolvedPath(file);
    // Links that existed at the start of the studio were chosen by the user. A newer link could lead to a file that the user did not
    // choose.
    if (now !== undefined && now !== path) {
      return failed('moved', `${file} leads to a different file than at the start of the studio; restart the studio`);
    }
    let text: ReturnType<typeof decodeText>;
    try {
      text = decodeText(readRegularFile(path ?? file, { limit: sizeLimit, followsLink: false }));
    } catch (error) {
      return failed('unreadable', `${file}: the file cannot be read: ${whyNot(error)}`);
    }
    if (!text.ok) return failed(text.failure.code, `${file}: ${text.failure.sentence}`);
    this.#put(file, text.value);
    return succeeded({ text: text.value, digest: digestOf(text.value) });
  }

  /**
   * Writes a text to its file. Fails if the file cannot be written, or if its digest differs from `digest`, because another program has
   * changed the file.
   */
  save(file: string, text: string, digest: string): Result<{ readonly digest: string }> {
    const now = this.read(file);
    if (!now.ok) return now;
    if (now.value.digest !== digest) {
      return failed(
        'changed',
        `${file} changed on disk after it was opened here. Copy your text, then press "Revert" to load the file`,
      );
    }
    try {
      // Writes to the target of a link, so that the link stays.
      const path = this.#paths.get(file) ?? file;
      const mode = statSync(path).mode & 0o777;
      // Writing replaces the file by a new file. The read-only mode of the old file does not prevent that, so this code checks the mode.
      if ((mode & 0o222) === 0) return failed('read-only', `${file} cannot be written: its mode is read-only`);
      if (Buffer.byteLength(text) > sizeLimit) {
        return failed(
          'too-large',
          `${file} cannot be written: the text is larger than ${sizeLimit / 1024} KB; split it`,
        );
      }
      writeAtomically(path, text, { mode });
    } catch (error) {
      return failed(
        'not-writable',
        `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    this.#put(file, text);
    return succeeded({ digest: digestOf(text) });
  }

  #put(file: string, text: string): void {
    const digest = digestOf(text);
    if (this.#files.get(file)?.digest === digest) return;
    this.#files.set(file, { digest, summary: fileSummary(file, text, loadText(file, text)) });
  }
}

/** Returns the path without links; undefined if the file does not exist. */
function resolvedPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

function fileSummary(file: string, text: string, loaded: Loaded): StudioFile {
  if (!loaded.ok)
    return { file, title: fileTitle(text) ?? file, tags: [], scenarios: [], mistakes: loaded.mistakes.length };
  const [first] = loaded.scenarios;
  const { story, teaches, attack, tags = [] } = first ?? {};
  return {
    file,
    title: fileTitle(text) ?? first?.title ?? file,
    ...defined({ story, teaches, attack }),
    tags,
    scenarios: loaded.scenarios.map(scenarioSummary),
    mistakes: 0,
  };
}

export function scenarioSummary({ id, title, variant, shows }: Scenario): StudioScenario {
  return { id, title, variant, ...defined({ shows }) };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
