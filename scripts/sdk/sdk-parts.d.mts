/** A part of the set-up that only tests need. */
interface SdkPart {
  readonly name: string;
  readonly what: string;
}

export function missingSdkParts(root: string, isForTests: boolean): readonly SdkPart[];
