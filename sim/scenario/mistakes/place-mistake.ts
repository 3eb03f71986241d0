import type { Variant } from '../matrix.ts';
import type { YamlSource } from '../yaml-source.ts';
import type { FoundMistake } from './issue-sentence.ts';
import type { Mistake } from './mistake.ts';

/** Returns a mistake with its line and column. For a value from the matrix, line and column point to the matrix. */
export function placeMistake({ path, key, message }: FoundMistake, variant: Variant, source: YamlSource): Mistake {
  const origin = variant.origin(path);
  return key === undefined ? source.mistakeAt(origin, message) : source.mistakeAtKey(origin, key, message);
}
