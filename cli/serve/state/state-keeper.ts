import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterRealTime, wallMs } from '../../../core/time/clock.ts';
import type { Durability } from '../../../core/cloud/durability.ts';
import type { StorePart } from '../../../core/cloud/snapshot.ts';
import { FileProblem, whyNot } from '../../files/file-problem.ts';
import { isJournalName, journalName, type StateText } from './state-file.ts';
import { Journal } from './journal.ts';
import type { openJournalFile } from './journal-file.ts';
import { PendingChanges } from './pending-changes.ts';
import { syncFolder } from './sync-folder.ts';
import { writeSnapshot } from './write-snapshot.ts';

/** The lab whose state is saved. */
export interface KeptLab {
  /** Returns a snapshot of the present state. */
  makeText(): StateText;
  readonly parts: ReadonlyMap<string, StorePart>;
}

interface KeeperSettings {
  /** Path of the snapshot. */
  readonly path: string;
  /** Existing folder for the journal. */
  readonly folder: string;
  /** Receives a sentence when the state cannot be saved, and another sentence when it can be saved again. */
  readonly tell: (sentence: string) => void;
  /** Real milliseconds between two attempts after a failure. Default: 1000. */
  readonly retryMs?: number;
  /** Maximum time in real milliseconds that an answer waits until the state is written, if writes fail or hang. Default: 10,000. */
  readonly answerMs?: number;
  /** Opens the file of a journal. Default: opens a real file. */
  readonly openFile?: typeof openJournalFile;
}

/** An answer that waits until changes are durable. */
interface Waiting {
  readonly upTo: number;
  /** Start of the wait, by `wallMs`. */
  readonly sinceMs: number;
  readonly tell: (isDurable: boolean) => void;
}

/**
 * Saves a lab on disk: a snapshot, and a journal of the entries that changed after the snapshot. Changes that arrive during a write become
 * durable together, with the next write (group commit). A new snapshot replaces the journal when the journal is large, and at the end.
 */
export class StateKeeper implements Durability {
  readonly #settings: KeeperSettings;
  #lab: KeptLab | undefined;
  #journal: Journal | undefined;
  /** Size of the journal in bytes from which a new snapshot is written. */
  #foldAt = 0;
  #pending = new PendingChanges();
  /** `#noted` counts all changes, `#kept` counts the durable changes. The start of the lab counts as the first change. */
  #noted = 1;
  #kept = 0;
  #waiting: Waiting[] = [];
  /** Start of this turn of the event loop, if an answer began to wait in it. */
  #turnStartMs: number | undefined;
  #working: Promise<void> | undefined;
  /** True if a timer runs for the oldest waiting answer. */
  #isWatched = false;
  /** True if a failing or hanging write was reported since all changes were last durable. */
  #hasReportedFailure = false;
  #hasReportedHang = false;
  #isEnding = false;
  #endPause: () => void = () => {};

  constructor(settings: KeeperSettings) {
    this.#settings = settings;
  }

  /** Saves the lab, and from now on each change. @throws FileProblem or Error of the system if the lab cannot be saved. */
  async start(lab: KeptLab): Promise<void> {
    this.#lab = lab;
    for (const [name, part] of lab.parts) {
      part.watch((key, change) => {
        this.#noted++;
        this.#pending.note(name, key, change);
        this.#work();
      });
    }
    await this.#fold(lab);
    this.#work();
  }

  get changes(): number {
    return this.#noted;
  }

  whenDurable(then: (isDurable: boolean) => void, since?: number): void {
    // Before `start`, the lab sends no answer, because the state that it has read may not be saved yet.
    const isUnchanged = since === this.#noted && this.#journal !== undefined;
    if (isUnchanged || this.#kept === this.#noted) {
      then(true);
      return;
    }
    this.#waiting.push({ upTo: this.#noted, sinceMs: this.#turnMs(), tell: then });
    this.#watchOldest();
  }

  /**
   * Returns the start of this turn of the event loop, by `wallMs`. Answers of one turn reach their time limit together, even if the system
   * stops this process between two of the answers. So the warning counts all answers of the turn.
   */
  #turnMs(): number {
    if (this.#turnStartMs === undefined) {
      this.#turnStartMs = wallMs();
      setImmediate(() => (this.#turnStartMs = undefined));
    }
    return this.#turnStartMs;
  }

  /** True if all changes so far are durable. Also true for a lab that never started, because it has acknowledged no change. */
  get isAllKept(): boolean {
    return this.#kept === this.#noted || this.#journal === undefined;
  }

  /**
   * Saves the remaining changes for the last time. If the disk hangs, this function reports the hang and continues to wait, because a
   * process cannot end while the system writes for it.
   */
  async end(): Promise<void> {
    const lab = this.#lab;
    if (lab === undefined || this.#journal === undefined) return;
    this.#isEnding = true;
    this.#endPause();
    let isOver = false;
    afterRealTime(this.#answerMs, () => {
      if (!isOver) this.#reportHang('the lab ends after this write');
    });
    await this.#keepTheRest(lab);
    isOver = true;
  }

  async #keepTheRest(lab: KeptLab): Promise<void> {
    await this.#working;
    try {
      await this.#fold(lab);
      // The snapshot has all changes.
      await this.#journal?.close();
      this.#removeJournals();
    } catch {
      // The journal has all changes that are saved, so no snapshot is needed. A failure to save other changes was reported already.
      await this.#journal?.close();
    }
  }

  get #answerMs(): number {
    return this.#settings.answerMs ?? answerLimitMs;
  }

  #work(): void {
    if (this.#isEnding || this.#working !== undefined || this.#lab === undefined || this.#journal === undefined) return;
    const lab = this.#lab;
    this.#working = this.#keepAll(lab).finally(() => {
      this.#working = undefined;
      // Another change may have arrived after this loop looked for changes.
      if (!this.#pending.isEmpty) this.#work();
    });
  }

  async #keepAll(lab: KeptLab): Promise<void> {
    while (!this.#pending.isEmpty) {
      await this.#gather();
      const isTheLastTry = this.#isEnding;
      try {
        await this.#keepPending(lab);
      } catch (error) {
        this.#reportFailure(error);
        if (isTheLastTry) return;
        await this.#pause();
        continue;
      }
      if (this.#hasReportedFailure || this.#hasReportedHang) {
        this.#settings.tell('the state is saved again, with all changes until now');
      }
      [this.#hasReportedFailure, this.#hasReportedHang] = [false, false];
    }
  }

  /**
   * Waits for the next turn of the event loop, and for further turns as long as each turn brings changes, so that one write saves all
   * changes.
   */
  async #gather(): Promise<void> {
    let noted: number;
    let turns = 0;
    do {
      noted = this.#noted;
      await new Promise((done) => setImmediate(done));
    } while (noted !== this.#noted && ++turns < gatheredTurns);
  }

  async #keepPending(lab: KeptLab): Promise<void> {
    const journal = this.#journal;
    if (journal?.isUsable !== true) return this.#fold(lab);
    const { upTo, pending } = this.#take();
    try {
      await journal.append(pending.saved(lab.parts));
    } catch (error) {
      this.#giveBack(pending);
      throw error;
    }
    this.#nowKept(upTo);
    if (journal.bytes < this.#foldAt) return;
    try {
      await this.#fold(lab);
    } catch {
      // The disk may have no space for a snapshot, and still have space for lines of the journal. The next attempt comes when the journal is
      // twice as long.
      this.#foldAt = journal.bytes * 2;
    }
  }

  /** Writes a snapshot of everything and starts an empty journal. */
  async #fold(lab: KeptLab): Promise<void> {
    const { path, folder } = this.#settings;
    const { upTo, pending } = this.#take();
    try {
      const { text, hash } = lab.makeText();
      await writeSnapshot(path, text);
      const former = this.#journal;
      former?.retire();
      await syncFolder(dirname(path));
      this.#journal = await Journal.create(join(folder, journalName(hash)), hash, this.#settings.openFile);
      this.#foldAt = Math.max(smallestFold, 2 * text.length);
      await former?.close();
      this.#removeJournals(journalName(hash));
    } catch (error) {
      this.#giveBack(pending);
      throw error;
    }
    this.#nowKept(upTo);
  }

  /** Removes the journals of earlier snapshots. */
  #removeJournals(but?: string): void {
    const { folder } = this.#settings;
    for (const name of readdirSync(folder)) {
      if (isJournalName(name) && name !== but) rmSync(join(folder, name), { force: true });
    }
  }

  #take(): { readonly upTo: number; readonly pending: PendingChanges } {
    const taken = { upTo: this.#noted, pending: this.#pending };
    this.#pending = new PendingChanges();
    return taken;
  }

  #giveBack(pending: PendingChanges): void {
    pending.merge(this.#pending);
    this.#pending = pending;
  }

  #nowKept(upTo: number): void {
    this.#kept = upTo;
    const first = this.#waiting.findIndex((each) => each.upTo > upTo);
    const kept = this.#waiting.splice(0, first === -1 ? this.#waiting.length : first);
    // Calls `tell` in a microtask, so that an exception in it does not count as a failure of the journal.
    for (const { tell } of kept) queueMicrotask(() => tell(true));
  }

  #reportFailure(error: unknown): void {
    if (!this.#hasReportedFailure) {
      this.#settings.tell(
        `the state cannot be saved: ${reasonOf(error)}. The lab tries again each second. Each client waits up to ${this.#answerMs / 1000} seconds for its answer; then it gets an error or is disconnected`,
      );
    }
    this.#hasReportedFailure = true;
  }

  /** Starts one timer, for the oldest of the waiting answers. Most answers are sent before it fires, so a timer for each would be wasted. */
  #watchOldest(): void {
    const [oldest] = this.#waiting;
    if (oldest === undefined || this.#isWatched) return;
    this.#isWatched = true;
    afterRealTime(Math.max(1, oldest.sinceMs + this.#answerMs - wallMs()), () => {
      this.#isWatched = false;
      this.#giveUpLate();
      this.#watchOldest();
    });
  }

  /** Releases answers that have waited too long. */
  #giveUpLate(): void {
    const first = this.#waiting.findIndex(({ sinceMs }) => sinceMs > wallMs() - this.#answerMs);
    const late = this.#waiting.splice(0, first === -1 ? this.#waiting.length : first);
    if (late.length === 0) return;
    const answers = late.length === 1 ? '1 answer' : `${late.length} answers`;
    this.#reportHang(
      `${answers} waited for this write. Their clients get status 503 or are disconnected, as do later clients until the write ends`,
    );
    for (const { tell } of late) queueMicrotask(() => tell(false));
  }

  /** Reports a hang, unless a failure was reported with its reason. */
  #reportHang(consequence: string): void {
    if (this.#hasReportedHang || this.#hasReportedFailure) return;
    this.#hasReportedHang = true;
    const { path } = this.#settings;
    this.#settings.tell(
      `the state cannot be saved: the disk of ${path} has not finished a write for ${this.#answerMs / 1000} seconds; ${consequence}`,
    );
  }

  #pause(): Promise<void> {
    return new Promise((done) => {
      this.#endPause = done;
      if (this.#isEnding) done();
      afterRealTime(this.#settings.retryMs ?? 1000, done);
    });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof FileProblem ? error.message : whyNot(error);
}

/** Maximum wait of an answer in real milliseconds if writes fail or hang: shorter than the timeouts of SDKs. */
const answerLimitMs = 10_000;
/** Maximum number of turns that a write waits for further changes, so that an endless series of clients cannot delay the write. */
const gatheredTurns = 8;
/**
 * Minimum size in bytes of a journal that a new snapshot replaces. A snapshot stops the lab while it is created (0.1 s for 6,000
 * devices), so it must be rare; a start reads a journal of this size in less than a second.
 */
const smallestFold = 16 * 1024 * 1024;
