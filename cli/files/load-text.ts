import { type Loaded, loadScenarios } from '../../sim/scenario/load.ts';
import { vocabulary } from '../vocabulary.ts';

/** Reads the text of a scenario file with the shipped vocabulary. Returns its scenarios, or all its mistakes. */
export function loadText(file: string, text: string): Loaded {
  return loadScenarios(file, text, vocabulary());
}
