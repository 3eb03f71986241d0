import { manyUnknownNames } from './many-unknown-names.ts';
import { neverAudited } from './never-audited.ts';
import { oneChipTwoNames } from './one-chip-two-names.ts';
import { oneIdentityTwoPlaces } from './one-identity-two-places.ts';
import type { Signal } from './signal.ts';
import { tokenOutlivesTheFleet } from './token-outlives-the-fleet.ts';

/** The signals that a defender searches the service log for. To add a signal, create a file and add a line here. */
export const signals: readonly Signal[] = [
  oneIdentityTwoPlaces,
  neverAudited,
  oneChipTwoNames,
  tokenOutlivesTheFleet,
  manyUnknownNames,
];
