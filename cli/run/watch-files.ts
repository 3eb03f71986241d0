import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { chosenPath } from '../files/chosen-path.ts';
import { type LoadedFiles, loadFiles } from '../files/load-files.ts';
import { endRequested } from '../process/end-requested.ts';

/**
 * Runs the scenarios below the paths once. Then runs the scenarios of each file that the user saves, until a signal ends the command.
 * Returns 0, or the exit code of a run that the signal interrupted. Reports a file with a mistake, and continues to watch it.
 *
 * @param play runs the scenarios of the files, or prints their mistakes. Returns an exit code.
 */
export async function watchFiles(
  paths: readonly string[],
  play: (loaded: LoadedFiles) => Promise<number>,
): Promise<number> {
  const watched = new Changes(paths);
  const end = new AbortController();
  const ended = endRequested().then(() => end.abort());
  let seen: LoadedFiles['texts'] = {};
  let exitCode = 0;
  try {
    while (!end.signal.aborted) {
      const loaded = loadFiles(paths);
      const changed = changedSince(seen, loaded);
      for (const file of Object.keys(seen)) {
        if (!(file in loaded.texts)) process.stdout.write(`${file} is deleted\n`);
      }
      seen = loaded.texts;
      if (changed.scenarios.length > 0 || changed.mistakes.length > 0) {
        exitCode = await play(changed);
        if (!end.signal.aborted)
          process.stdout.write('waiting until a scenario file is saved; press Ctrl-C to end\n\n');
      }
      if (end.signal.aborted) return exitCode > interrupted ? exitCode : exitCodes.asExpected;
      await Promise.race([ended, watched.next()]);
    }
    return exitCodes.asExpected;
  } finally {
    watched.close();
  }
}

/** An exit code above this number means that a signal ended the run, as in shells. */
const interrupted = 128;

/** Returns the scenarios and the mistakes of the files whose text differs from the text in `seen`. */
function changedSince(seen: LoadedFiles['texts'], loaded: LoadedFiles): LoadedFiles {
  const isChanged = (file: string): boolean => loaded.texts[file] === undefined || loaded.texts[file] !== seen[file];
  return {
    scenarios: loaded.scenarios.filter(({ file }) => isChanged(pathOf(file, loaded))),
    mistakes: loaded.mistakes.filter(({ file }) => isChanged(file)),
    texts: loaded.texts,
  };
}

/** Returns the path that the user gave for the file of a scenario. The scenario has this path without a `./` at its beginning. */
function pathOf(file: string, { texts }: LoadedFiles): string {
  return file in texts ? file : `./${file}`;
}

/** Changes of scenario files below some paths. */
class Changes {
  readonly #watchers: readonly FSWatcher[];
  #isChanged = false;
  #tell: () => void = () => {};

  constructor(paths: readonly string[]) {
    this.#watchers = (paths.length > 0 ? paths : ['scenarios']).map((given) => {
      const { path } = chosenPath(given);
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
      // Editors replace a file when they save it, so this code watches the folder of the file.
      const watcher = watch(isFolder ? path : dirname(path), { recursive: isFolder }, (_event, name) => {
        if (isFolder ? /\.ya?ml$/.test(name ?? '.yaml') : name === basename(path)) this.#note();
      });
      watcher.on('error', () => {});
      return watcher;
    });
  }

  /** Resolves a short time after the next change, so that the editor has written the whole file. */
  async next(): Promise<void> {
    if (!this.#isChanged) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    this.#isChanged = false;
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
  }

  #note(): void {
    this.#isChanged = true;
    this.#tell();
  }
}

/** Real milliseconds to wait after a change, because an editor may empty a file before it writes the new text. */
const settleMs = 30;
