import { type LeftOut, matrixAxes, type MatrixAxis, type MatrixPlace } from '../../core/run/matrix-axes.ts';
import { whyNotAttack, whyNotDesign } from './why-not.ts';

/** The chosen values of each axis. If an axis is omitted, all its values are chosen. */
export type MatrixFilter = { readonly [Axis in MatrixAxis]?: readonly string[] };

export interface ChosenCells {
  readonly places: readonly MatrixPlace[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Returns the cells (valid combinations) that match the filter, in the order of the axes. Also returns each invalid combination with the
 * reason.
 */
export function cellsOf(filter: MatrixFilter): ChosenCells {
  const places: MatrixPlace[] = [];
  const leftOut: LeftOut[] = [];
  for (const attestation of chosen('attestation', filter)) {
    for (const keyStore of chosen('keyStore', filter)) {
      for (const factory of chosen('factory', filter)) {
        const why = whyNotDesign({ attestation, keyStore, factory })?.sentence;
        if (why !== undefined) leftOut.push({ attestation, keyStore, factory, why });
        else places.push(...chosen('attack', filter).map((attack) => ({ attestation, keyStore, factory, attack })));
      }
    }
  }
  const missing = new Map<string, LeftOut>();
  const played = places.filter((place) => {
    const why = whyNotAttack(place)?.sentence;
    const { attestation, attack } = place;
    if (why !== undefined) missing.set(`${attestation} ${attack}`, { attestation, attack, why });
    return why === undefined;
  });
  return { places: played, leftOut: [...leftOut, ...missing.values()] };
}

function chosen<Axis extends MatrixAxis>(axis: Axis, filter: MatrixFilter): readonly MatrixPlace[Axis][] {
  const all = Object.keys(matrixAxes[axis]) as MatrixPlace[Axis][];
  const wanted = filter[axis];
  return wanted === undefined ? all : all.filter((one) => wanted.includes(one));
}
