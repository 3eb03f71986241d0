import type { MatrixPlan } from '../../reports/matrix/matrix-of.ts';
import type { Scenario } from '../../sim/scenario/load.ts';
import { type LoadedFiles, loadText } from '../files/load-files.ts';
import { cellsOf, type MatrixFilter } from './cells.ts';
import { scenarioText } from './scenario-text.ts';

/** Returns the chosen cells of the matrix (combinations of a design and an attack), each as a scenario that the loader has accepted. */
export function loadCells(filter: MatrixFilter): MatrixPlan & { readonly loaded: LoadedFiles } {
  const { places, leftOut } = cellsOf(filter);
  const texts: Record<string, string> = {};
  const scenarios: Scenario[] = [];
  const cells = places.map((place) => {
    const { attestation, keyStore, factory, attack } = place;
    const id = ['matrix', attestation, keyStore, factory, attack].join('/');
    const file = `${id}.yaml`;
    const text = scenarioText(place);
    const read = loadText(file, text);
    // The text is generated, so a mistake is a bug.
    if (!read.ok) throw new Error(read.mistakes.map(({ line, message }) => `${file}:${line} ${message}`).join('\n'));
    texts[file] = text;
    scenarios.push(...read.scenarios);
    return { ...place, id };
  });
  return { cells, leftOut, loaded: { scenarios, mistakes: [], texts } };
}
