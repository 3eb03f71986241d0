/** The uses of parts, in the order of the output. */
export const uses = ['run', 'key-store', 'program', 'serve', 'test'] as const;

export type PartUse = (typeof uses)[number];

/** A program, library, folder or set of ports that Rehearsal uses (parts.ts lists all of them). */
export interface Part {
  readonly id: string;
  readonly use: PartUse;
  /** The consequence for the user if the part is missing. */
  readonly cost: string;
  /** Names of the packages that contain the part. Homebrew does not have all of these packages. */
  readonly debian?: readonly string[];
  readonly brew?: readonly string[];
  /** Looks for the part on this computer. */
  readonly look: () => Promise<Found> | Found;
}

/** The result of the search for a part. */
export interface Found {
  readonly isPresent: boolean;
  /** Version and path, or the reason why the part cannot be used. */
  readonly detail: string;
  /** Advice for the user, if an installation does not help. */
  readonly remedy?: string;
}

/** A part, and whether it was found. */
export interface PartState extends Omit<Part, 'look'>, Found {
  /** True if `rehearse run` cannot give every result without this part. */
  readonly isNeeded: boolean;
}
