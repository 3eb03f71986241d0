import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterRealTime, wallMs } from '../../core/time/clock.ts';
import type { Durability } from '../../core/cloud/durability.ts';
import type { StorePart } from '../../core/cloud/snapshot.ts';
import { FileProblem, whyNot } from '../files/file-problem.ts';
import { isJournalName, journalName, type StateText } from './state-file.ts';
import { Journal } from './journal.ts';
import type { openJournalFile } from './journal-file.ts';
import { PendingChanges } from './pending-changes.ts';
import { syncFolder } from './sync-folder.ts';
import { writeSnapshot } from './write-snapshot.ts';

/** What a keeper keeps. */
export interface KeptLab {
  /** The snapshot as it is now. */
  makeText(): StateText;
  readonly parts: ReadonlyMap<string, StorePart>;
}

interface KeeperSettings {
  /** Of the snapshot. */
  readonly path: string;
  /** Where the journal is; exists. */
  readonly folder: string;
  /** Told in a sentence when the state cannot be kept, and when it can again. */
  readonly tell: (sentence: string) => void;
  /** Real milliseconds between two attempts to keep what could not be kept. Default: 1000. */
  readonly retryMs?: number;
  /** Real milliseconds that an answer waits at most, whether writes fail or hang. Default: 10,000. */
  readonly answerMs?: number;
  /** Opens the file of a journal. Default: a real one. */
  readonly openFile?: typeof openJournalFile;
}

/** An answer that waits for changes to be durable. */
interface Waiting {
  readonly upTo: number;
  /** When it began to wait, by `wallMs`. */
  readonly sinceMs: number;
  readonly tell: (isDurable: boolean) => void;
}

/**
 * Keeps a lab on disk: a snapshot, and beside it a journal of the entries that changed since. Changes that come while a write is under
 * way become durable together with the next one (group commit). The journal is folded into a new snapshot when it has grown large,
 * and at the end.
 */
export class StateKeeper implements Durability {
  readonly #settings: KeeperSettings;
  #lab: KeptLab | undefined;
  #journal: Journal | undefined;
  /** Journal bytes from which on a new snapshot is made. */
  #foldAt = 0;
  #pending = new PendingChanges();
  /** How many changes there were, and how many of them are durable. The start is the first change. */
  #noted = 1;
  #kept = 0;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  /** Whether an alarm is set for the answer that waits longest. */
  #isWatched = false;
  /** Whether it was told that writes fail, and that one hangs, since all changes were durable last. */
  #toldFailure = false;
  #toldHang = false;
  #isEnding = false;
  #endPause: () => void = () => {};

  constructor(settings: KeeperSettings) {
    this.#settings = settings;
  }

  /** Keeps the lab as it is, and from now on each change. @throws FileProblem or Error of the system if it cannot be kept. */
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
    // Before the start, no answer leaves: what was read may not be kept.
    const isUnchanged = since === this.#noted && this.#journal !== undefined;
    if (isUnchanged || this.#kept === this.#noted) {
      then(true);
      return;
    }
    this.#waiting.push({ upTo: this.#noted, sinceMs: wallMs(), tell: then });
    this.#watchOldest();
  }

  /** Whether all changes so far are durable. A lab that never started has acknowledged none. */
  get isAllKept(): boolean {
    return this.#kept === this.#noted || this.#journal === undefined;
  }

  /**
   * Keeps what is left, for the last time. If the disk hangs, it tells so and goes on waiting: no process can end while the system
   * writes for it.
   */
  async end(): Promise<void> {
    const lab = this.#lab;
    if (lab === undefined || this.#journal === undefined) return;
    this.#isEnding = true;
    this.#endPause();
    let isOver = false;
    afterRealTime(this.#answerMs, () => {
      if (!isOver) this.#tellHang('the lab ends when the write does');
    });
    await this.#keepTheRest(lab);
    isOver = true;
  }

  async #keepTheRest(lab: KeptLab): Promise<void> {
    await this.#working;
    try {
      await this.#fold(lab);
      // The snapshot has it all.
      await this.#journal?.close();
      this.#removeJournals();
    } catch {
      // What is in the journal is kept without a new snapshot. What is not was told.
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
      // Something may have changed since the last look.
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
        this.#troubled(error);
        if (isTheLastTry) return;
        await this.#pause();
        continue;
      }
      if (this.#toldFailure || this.#toldHang) {
        this.#settings.tell('the state is kept again, with everything until now');
      }
      [this.#toldFailure, this.#toldHang] = [false, false];
    }
  }

  /** Waits for the end of this turn, and for further turns as long as each brings changes: they come along with one write. */
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
      // A snapshot needs more room than a line: the journal goes on, as long as it can.
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

  /** Removes journals of snapshots that are gone. */
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
    // Apart from here, so that a fault of an answer is none of the journal.
    for (const { tell } of kept) queueMicrotask(() => tell(true));
  }

  #troubled(error: unknown): void {
    if (!this.#toldFailure) {
      this.#settings.tell(
        `the state cannot be kept: ${reasonOf(error)}. The lab tries again each second. Answers wait up to ${this.#answerMs / 1000} seconds; then a client gets an error or is disconnected`,
      );
    }
    this.#toldFailure = true;
  }

  /** Sets one alarm for all answers that wait: most are gone when it goes off. */
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

  /** Ends the wait of answers that have waited too long. */
  #giveUpLate(): void {
    const first = this.#waiting.findIndex(({ sinceMs }) => sinceMs > wallMs() - this.#answerMs);
    const late = this.#waiting.splice(0, first === -1 ? this.#waiting.length : first);
    if (late.length === 0) return;
    const answers = late.length === 1 ? '1 answer' : `${late.length} answers`;
    this.#tellHang(
      `${answers} waited for it. The client of each gets status 503 or is disconnected, and so do later clients until the write ends`,
    );
    for (const { tell } of late) queueMicrotask(() => tell(false));
  }

  /** Failures were told with their reason. */
  #tellHang(consequence: string): void {
    if (this.#toldHang || this.#toldFailure) return;
    this.#toldHang = true;
    const { path } = this.#settings;
    this.#settings.tell(
      `the state cannot be kept: the disk of ${path} has not finished a write for ${this.#answerMs / 1000} seconds; ${consequence}`,
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

/** Real milliseconds after which an answer is not waited for any more, if writes fail or hang: sooner than SDKs give up. */
const answerLimitMs = 10_000;
/** A bound on the turns that a write waits for further changes: clients without end must not hold it up. */
const gatheredTurns = 8;
/**
 * Bytes of a journal that is folded into a new snapshot. A snapshot stops the lab while it is made (0.1 s for 6,000 devices), so it is
 * made rarely; a start reads such a journal in less than a second.
 */
const smallestFold = 16 * 1024 * 1024;
