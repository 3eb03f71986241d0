import type { CheckId } from '../../core/checks.ts';
import type { HistoryEvent, Party } from '../../core/history/events.ts';
import type { Run, VerdictKind } from '../../core/run/run.ts';
import type { ExpectedOutcome } from '../../core/run/expected-outcome.ts';

/*
 * The API between the studio's page and its server: JSON below `/api/`, each request with `Authorization: Bearer TOKEN`. A refusal is `{
 * error }` with a sentence, and a status of 400 or more. The paths and field names do not change, because scripts may use the API.
 */

/** `GET /api/files` */
export interface StudioFiles {
  readonly files: readonly StudioFile[];
  /** The parties, such as device and attacker, and the checks that a breakpoint may name. */
  readonly parties: readonly Party[];
  readonly checks: readonly { readonly id: CheckId; readonly sentence: string }[];
  readonly versions: Run['versions'];
  /** Address of the audience's window, with its token. */
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
  /** Number of mistakes. With mistakes there are no scenarios. */
  readonly mistakes: number;
}

/** One variant of a file. */
export interface StudioScenario {
  readonly id: string;
  readonly title: string;
  readonly variant: string;
  readonly shows?: ExpectedOutcome;
}

/** `GET /api/text?file=FILE`: the text on the disk, and its digest. */
export interface StudioText {
  readonly text: string;
  readonly digest: string;
}

/** `POST /api/check` checks the text of a scenario file. `id` selects the variant whose choices the answer has; default: the first variant. */
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
  /** Name of the device, CA, group or station of the step; empty if there is none. */
  readonly subject: string;
  /** ISO 8601 duration between the previous step and this one. */
  readonly after?: string;
}

/** A value in a scenario file that the user can change, with its options from the JSON Schema. */
export interface StudioChoice {
  readonly path: readonly (string | number)[];
  /** The object that has the value, such as `devices sensor`. */
  readonly group: string;
  readonly word: string;
  readonly description: string;
  /** The kind `text` is for a name that a step gives to an object. */
  readonly kind: 'one-of' | 'some-of' | 'yes-no' | 'duration' | 'number' | 'text';
  readonly value: ChoiceValue;
  readonly isWritten: boolean;
  /** True if the scenario file may omit the word that this choice sets. */
  readonly isOptional: boolean;
  readonly options: readonly string[];
}

/** The value of a choice; null if the scenario file does not contain the property. */
export type ChoiceValue = string | number | boolean | null | readonly string[];

/** `POST /api/choose`: the text with one choice changed, `{ text }`. */
export interface ChooseRequest {
  readonly text: string;
  readonly path: readonly (string | number)[];
  readonly value: ChoiceValue;
}

/**
 * `POST /api/offer` with the latest choice returns `{ offer }`; `offer` is absent if the scenario is playable without changes. The server
 * plays the scenario without pauses to find this out. `isBusy` is true if another play was running, so that the server could not play the
 * scenario.
 */
export interface OfferRequest {
  readonly file: string;
  /** The text before the choice. */
  readonly before: string;
  /** The text after the choice. */
  readonly text: string;
  readonly id: string;
  readonly path: readonly (string | number)[];
}

export interface OfferAnswer {
  readonly isBusy: boolean;
  readonly offer?: Offer;
}

/** The other changes that a choice needs, so that the scenario can be played to its end. */
export interface Offer {
  /** The reason why the scenario cannot be played without these changes. */
  readonly problem: string;
  /** One sentence for each change, such as `add extract-ek: sensor`. */
  readonly changes: readonly string[];
  /** The text with the changes. `id` is the ID of the variant in this text. */
  readonly text: string;
  readonly id: string;
  /** True if no change helps. `text` is then the text before the choice. */
  readonly isUndo: boolean;
}

/** `POST /api/complete`: completions at a position of a text. `offset` is in characters. */
export interface CompleteRequest {
  readonly text: string;
  readonly offset: number;
}

export interface Completed {
  readonly from: number;
  readonly options: readonly { readonly label: string; readonly insert: string; readonly detail: string }[];
}

/** `POST /api/save` writes a text to its file if the file still has the digest. Returns `{ digest }`. */
export interface SaveRequest {
  readonly file: string;
  readonly text: string;
  readonly digest: string;
}

/** The pace of virtual time. */
export type Pace =
  | { readonly kind: 'at-once' }
  /**
   * The play waits `millisPerEvent` real milliseconds after each important event: a step, a theft, an attempt and its end, a refusal. A
   * period without events lasts at most three seconds.
   */
  | { readonly kind: 'by-event'; readonly millisPerEvent: number }
  /** `millisPerSecond` is in virtual milliseconds per real second. */
  | { readonly kind: 'by-time'; readonly millisPerSecond: number }
  /** The play pauses before each step. */
  | { readonly kind: 'step-by-step' };

/**
 * Conditions that pause a play. The play pauses at the next possible moment after an action of a party, such as the attacker, or after a
 * check.
 */
export interface Breakpoints {
  readonly parties: readonly Party[];
  readonly checks: readonly CheckId[];
  /** Indexes of steps, from 0, before which the play pauses. */
  readonly steps: readonly number[];
}

/** `POST /api/plays` begins a play and returns its `PlaySummary`. */
export interface PlayRequest {
  readonly file: string;
  readonly text: string;
  readonly id: string;
  readonly seed?: string;
  readonly pace: Pace;
  readonly breakpoints: Breakpoints;
}

/** `GET /api/plays` lists the plays, the newest last. */
export interface PlaySummary {
  /** From 1. */
  readonly play: number;
  readonly file: string;
  readonly id: string;
  readonly title: string;
  readonly variant: string;
  readonly seed: string;
  readonly state: PlayState;
  /** Changes to the file for this play, such as `devices sensor keyStore: hsm`. */
  readonly changed: readonly string[];
  /** True if a person acted as the attacker in the attacker console. */
  readonly isGuestPlayed: boolean;
  /** The verdict. Present after the end of the play; for the audience only after the presenter has revealed the result. */
  readonly verdict?: { readonly kind: VerdictKind; readonly reason: string };
}

export interface PlayState {
  readonly kind: 'playing' | 'paused' | 'over';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Index of the current or next step, from 0; undefined after the last step. */
  readonly step?: number;
  /** Virtual instant at which the current jump of the clock ends; undefined if there is no jump. */
  readonly until?: number;
  /** Pace of the jump, in virtual milliseconds per real second. */
  readonly millisPerSecond?: number;
  /** Reason of the pause; for the audience only after the presenter has revealed the result. */
  readonly why?: string;
  /** True if the attacker console is available, which is possible only in a pause between two steps. */
  readonly isSeatFree: boolean;
}

/**
 * A line of the stream `GET /api/plays/N/feed` (NDJSON). The stream ends with the play. Before the presenter reveals the result, the
 * audience gets no results and no reasons.
 */
export type FeedLine =
  | { readonly kind: 'happened'; readonly events: readonly HistoryEvent[] }
  | { readonly kind: 'state'; readonly state: PlayState };

/**
 * `POST /api/plays/N/do` controls a play and returns its `PlayState`. `step` continues to the next step, or to the next moment inside a
 * step at which a pause is possible.
 */
export interface DoRequest {
  readonly do: 'pause' | 'resume' | 'step' | 'stop';
  readonly pace?: Pace;
  readonly breakpoints?: Breakpoints;
}

/** `GET /api/plays/N/seat`: the attacker console, while it is available. */
export interface StudioConsole {
  readonly loot: readonly { readonly name: string; readonly what: string }[];
  /** A line for each secret that is exposed so far, with the secret locations (devices, stations and others) that have a copy. */
  readonly leaked: readonly string[];
  readonly targets: readonly { readonly name: string; readonly registrationId?: string }[];
  readonly deeds: readonly StudioAction[];
}

/** An action of the attacker. */
export interface StudioAction {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly Omit<StudioChoice, 'path' | 'group' | 'isWritten'>[];
}

/**
 * `POST /api/plays/N/act` with `{ step }`, a step in the form that the timeline of a scenario file uses. Returns mistakes in the arguments
 * of the step, or its result in sentences.
 */
export interface ActAnswer {
  readonly mistakes?: readonly string[];
  readonly sentences?: readonly string[];
}

/**
 * The view of the audience. `GET /api/audience` returns it; `POST` changes the members that the body contains. A new play removes the title
 * card and the second play.
 */
export interface Audience {
  /** Number of the play that the audience sees; 0 if it sees no play. */
  readonly play: number;
  /** True if the audience sees results and reasons. */
  readonly isRevealed: boolean;
  /** Number of a second play beside the first one. The audience sees the second play only after the presenter has revealed the result. */
  readonly beside?: number | undefined;
  /** A card with the title of the scenario, which the audience sees before a play. */
  readonly card?: TitleCard | null | undefined;
  /** The bet that the audience makes on the outcome. */
  readonly bet?: Bet | null | undefined;
}

interface TitleCard {
  readonly title: string;
  /** The goal of the lesson; empty without a lesson. */
  readonly text: string;
}

/** A question to the audience. Participants raise a hand for an option, and the trainer enters the number of hands. */
export interface Bet {
  readonly question: string;
  readonly options: readonly { readonly text: string; readonly hands: number }[];
  /** Index of the right option; absent until the trainer shows it. */
  readonly answer?: number | undefined;
}
