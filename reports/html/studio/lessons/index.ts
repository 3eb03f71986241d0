import type { Lesson } from './lesson.ts';
import { aTpmToTheField } from './a-tpm-to-the-field.ts';
import { aYearInTheWarehouse } from './a-year-in-the-warehouse.ts';
import { oneKeyForAll } from './one-key-for-all.ts';
import { theBanAndTheRenewal } from './the-ban-and-the-renewal.ts';
import { theStolenStation } from './the-stolen-station.ts';

/** The lessons of the studio. `npm run generate -- --only training` writes docs/training.md from them. */
export const lessons: readonly Lesson[] = [
  oneKeyForAll,
  aYearInTheWarehouse,
  aTpmToTheField,
  theStolenStation,
  theBanAndTheRenewal,
];
