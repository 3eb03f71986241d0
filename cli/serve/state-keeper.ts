import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterRealTime } from '../../core/time/clock.ts';
import type { Keeping } from '../../core/cloud/keeping.ts';
import type { StorePart } from '../../core/cloud/snapshot.ts';
import { FileProblem, whyNot } from '../files/file-problem.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { isJournalName, journalName, type StateText } from './state-file.ts';
import { Journal } from './journal.ts';
import { PendingChanges } from './pending-changes.ts';
import { syncFolder } from './sync-folder.ts';

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
}

/** Someone who waits for changes to be durable. */
interface Waiting {
  readonly upTo: number;
  /** Attempts that have failed since. */
  failures: number;
  readonly tell: (isKept: boolean) => void;
}

/**
 * Keeps a lab on disk: a snapshot, and beside it a journal of the entries that changed since. Changes that come while a write is under
 * way become durable together with the next one (group commit). The journal is folded into a new snapshot when it has grown large,
 * and at the end.
 */
export class StateKeeper implements Keeping {
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
  #isInTrouble = false;
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

  whenKept(then: (isKept: boolean) => void, since?: number): void {
    // Before the start, no answer leaves: what was read may not be kept.
    const isUnchanged = since === this.#noted && this.#journal !== undefined;
    if (isUnchanged || this.#kept === this.#noted) {
      then(true);
      return;
    }
    this.#waiting.push({ upTo: this.#noted, failures: 0, tell: then });
  }

  /** Whether all changes so far are durable. A lab that never started has acknowledged none. */
  get isAllKept(): boolean {
    return this.#kept === this.#noted || this.#journal === undefined;
  }

  /** Keeps what is left, for the last time. */
  async end(): Promise<void> {
    const lab = this.#lab;
    if (lab === undefined || this.#journal === undefined) return;
    this.#isEnding = true;
    this.#endPause();
    await this.#working;
    try {
      await this.#fold(lab);
      // The snapshot has it all.
      await this.#journal.close();
      this.#removeJournals();
    } catch {
      // What is in the journal is kept without a new snapshot. What is not was told.
      await this.#journal.close();
    }
  }

  #work(): void {
    if (this.#working !== undefined || this.#lab === undefined || this.#journal === undefined) return;
    const lab = this.#lab;
    this.#working = this.#keepAll(lab).finally(() => {
      this.#working = undefined;
      // Something may have changed since the last look.
      if (!this.#pending.isEmpty && !this.#isEnding) this.#work();
    });
  }

  async #keepAll(lab: KeptLab): Promise<void> {
    // What else changes in this turn comes along.
    await new Promise((done) => setImmediate(done));
    while (!this.#pending.isEmpty) {
      const isTheLastTry = this.#isEnding;
      try {
        await this.#keepPending(lab);
      } catch (error) {
        this.#troubled(error);
        if (isTheLastTry) return;
        await this.#pause();
        continue;
      }
      if (this.#isInTrouble) this.#settings.tell('the state is kept again, with everything until now');
      this.#isInTrouble = false;
    }
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
      writeAtomically(path, text, { mode: 0o600 });
      const former = this.#journal;
      former?.retire();
      await syncFolder(dirname(path));
      this.#journal = await Journal.create(join(folder, journalName(hash)), hash);
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
    for (const each of this.#waiting) each.failures++;
    const lost = this.#waiting.filter(({ failures }) => failures >= attempts);
    this.#waiting = this.#waiting.filter(({ failures }) => failures < attempts);
    for (const { tell } of lost) queueMicrotask(() => tell(false));
    if (!this.#isInTrouble) {
      this.#settings.tell(
        `the state cannot be kept: ${reasonOf(error)}. The lab tries again each second. Answers wait up to ${attempts} seconds; then a client gets an error or is disconnected`,
      );
    }
    this.#isInTrouble = true;
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

/** After so many failed attempts an answer is not waited for any more: sooner than SDKs give up. */
const attempts = 10;
/**
 * Bytes of a journal that is folded into a new snapshot. A snapshot stops the lab while it is made (0.1 s for 6,000 devices), so it is
 * made rarely; a start reads such a journal in less than a second.
 */
const smallestFold = 16 * 1024 * 1024;
