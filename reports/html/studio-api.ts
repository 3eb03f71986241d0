import type { CheckId } from '../../core/checks.ts';
import type { HistoryEvent, Party } from '../../core/history/events.ts';
import type { Run } from '../../core/run/run.ts';
import type { ExpectedOutcome } from '../../core/run/expected-outcome.ts';
import type { VerdictKind } from '../../core/run/verdict.ts';

/*
 * What the studio's page and its server say to each other: JSON below `/api/`, each request with
 * `Authorization: Bearer TOKEN`. A refusal is `{ error }` with a sentence, and a status from 400 on.
 */

/** `GET /api/files` */
export interface StudioFiles {
  readonly files: readonly StudioFile[];
  /** Parties and checks that a breakpoint may be on. */
  readonly parties: readonly Party[];
  readonly checks: readonly { readonly id: CheckId; readonly sentence: string }[];
  readonly versions: Run['versions'];
  /** Where the audience's window opens, with the token for it. */
  readonly audience: string;
}

/** A scenario file that the studio was started with. */
export interface StudioFile {
  readonly file: string;
  readonly title: string;
  readonly story?: string;
  readonly teaches?: string;
  readonly attack?: string;
  readonly tags: readonly string[];
  readonly scenarios: readonly StudioScenario[];
  /** How many mistakes are in it; then there are no scenarios. */
  readonly mistakes: number;
}

/** One variant of a file. */
export interface StudioScenario {
  readonly id: string;
  readonly title: string;
  readonly variant: string;
  readonly shows?: ExpectedOutcome;
}

/** `GET /api/text?file=FILE`: the text on the disk, and by what it is known. */
export interface StudioText {
  readonly text: string;
  readonly digest: string;
}

/** `POST /api/check` asks about a text; `id` is of the variant whose choices are wanted, the first where absent. */
export interface CheckRequest {
  readonly file: string;
  readonly text: string;
  readonly id?: string;
}

export interface Checked {
  readonly mistakes: readonly StudioMistake[];
  readonly scenarios: readonly StudioScenario[];
  readonly steps: readonly StudioStep[];
  readonly choices: readonly StudioChoice[];
  readonly story?: string;
  readonly teaches?: string;
}

/** Line and column count from 1. */
export interface StudioMistake {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface StudioStep {
  /** From 0. */
  readonly index: number;
  readonly name: string;
  readonly line: number;
  /** Whom it is about; empty where that is nobody. */
  readonly subject: string;
  /** ISO 8601 duration before it. */
  readonly after?: string;
}

/** A value that can be another one, as the schema says. */
export interface StudioChoice {
  readonly path: readonly (string | number)[];
  /** Whose it is, such as `devices sensor`. */
  readonly group: string;
  readonly word: string;
  readonly description: string;
  /** `text` is a name that a deed gives to something. */
  readonly kind: 'one-of' | 'some-of' | 'yes-no' | 'duration' | 'number' | 'text';
  readonly value: ChoiceValue;
  readonly isWritten: boolean;
  /** Whether the word may be left out. */
  readonly isOptional: boolean;
  readonly options: readonly string[];
}

/** null is for what is not written. */
export type ChoiceValue = string | number | boolean | null | readonly string[];

/** `POST /api/choose`: the text with one choice changed, `{ text }`. */
export interface ChooseRequest {
  readonly text: string;
  readonly path: readonly (string | number)[];
  readonly value: ChoiceValue;
}

/** `POST /api/complete`: offset in characters. */
export interface CompleteRequest {
  readonly text: string;
  readonly offset: number;
}

export interface Completed {
  readonly from: number;
  readonly options: readonly { readonly label: string; readonly insert: string; readonly detail: string }[];
}

/** `POST /api/save` writes a text to its file, if that still is what `digest` says: `{ digest }`. */
export interface SaveRequest {
  readonly file: string;
  readonly text: string;
  readonly digest: string;
}

/** How fast virtual time goes by. */
export type Pace =
  | { readonly kind: 'at-once' }
  /** Virtual milliseconds in a real second. */
  | { readonly kind: 'by-time'; readonly millisPerSecond: number }
  /** Stops before each step. */
  | { readonly kind: 'step-by-step' };

/** Where a play stops by itself: at the next moment at which it can after something of a party, or a check. */
export interface Breakpoints {
  readonly parties: readonly Party[];
  readonly checks: readonly CheckId[];
  /** Steps, from 0, before which it stops. */
  readonly steps: readonly number[];
}

/** `POST /api/plays` begins a play: a `PlaySummary`. */
export interface PlayRequest {
  readonly file: string;
  readonly text: string;
  readonly id: string;
  readonly seed?: string;
  readonly pace: Pace;
  readonly breakpoints: Breakpoints;
}

/** `GET /api/plays` lists them, the newest last. */
export interface PlaySummary {
  /** From 1. */
  readonly play: number;
  readonly file: string;
  readonly id: string;
  readonly title: string;
  readonly variant: string;
  readonly seed: string;
  readonly state: PlayState;
  /** What was changed in the file for it, in words such as `devices sensor keyStore: hsm`. */
  readonly changed: readonly string[];
  /** Whether a guest took the attacker's seat. */
  readonly isGuestPlayed: boolean;
  /** When it is over, and not in what an audience is told before the end was revealed. */
  readonly verdict?: { readonly kind: VerdictKind; readonly reason: string };
}

export interface PlayState {
  readonly kind: 'playing' | 'paused' | 'over';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The step that is played or comes next, from 0; undefined behind the last one. */
  readonly step?: number;
  /** Where time is going to, while it goes. */
  readonly until?: number;
  /** How fast it goes there, in virtual milliseconds in a real second. */
  readonly millisPerSecond?: number;
  /** Why it stands; not told to an audience before the end was revealed. */
  readonly why?: string;
  /** Whether the attacker's seat can be taken: between two steps only. */
  readonly isSeatFree: boolean;
}

/** A line of `GET /api/plays/N/feed`, NDJSON; an audience is told neither how anything ends nor why before the end is revealed. It ends with the play. */
export type FeedLine =
  | { readonly kind: 'happened'; readonly events: readonly HistoryEvent[] }
  | { readonly kind: 'state'; readonly state: PlayState };

/** `POST /api/plays/N/do`: a `PlayState`. `step` goes on to the next step, or to the next moment inside one. */
export interface DoRequest {
  readonly do: 'pause' | 'resume' | 'step' | 'stop';
  readonly pace?: Pace;
  readonly breakpoints?: Breakpoints;
}

/** `GET /api/plays/N/seat`, while it is free. */
export interface StudioConsole {
  readonly loot: readonly { readonly name: string; readonly what: string }[];
  /** Secrets that lie where they should not, so far. */
  readonly leaked: readonly string[];
  readonly targets: readonly { readonly name: string; readonly registrationId?: string }[];
  readonly deeds: readonly StudioAction[];
}

/** What an attacker can do. */
export interface StudioAction {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly Omit<StudioChoice, 'path' | 'group' | 'isWritten'>[];
}

/**
 * `POST /api/plays/N/act` with `{ step }`, a step as in a timeline: mistakes in its words, or what happened in sentences.
 */
export interface ActAnswer {
  readonly mistakes?: readonly string[];
  readonly sentences?: readonly string[];
}

/** `GET /api/audience` and `POST` of a part of it: what the audience sees. */
export interface Audience {
  /** The play that it follows; 0 for none yet. */
  readonly play: number;
  /** Whether it sees the end as well, and why it came about. */
  readonly isRevealed: boolean;
}
