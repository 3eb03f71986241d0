import type { LeftOut } from '../../core/run/matrix-axes.ts';

/** Describes the combinations that the matrix omits, one entry for each reason: `tpm × image, file, tee, hsm: TPM attestation is …`. */
export function leftOutText(leftOut: readonly LeftOut[]): readonly { readonly what: string; readonly why: string }[] {
  const reasons = new Map<string, LeftOut[]>();
  for (const place of leftOut) {
    const reason = JSON.stringify([place.attestation, place.why]);
    reasons.set(reason, [...(reasons.get(reason) ?? []), place]);
  }
  return [...reasons.values()].map((places) => {
    const named = (axis: 'attestation' | 'keyStore' | 'factory' | 'attack'): readonly string[] => {
      const words = [...new Set(places.map((place) => place[axis]))].filter((word) => word !== undefined);
      return words.length === 0 ? [] : [words.join(', ')];
    };
    const what = [...named('attestation'), ...named('keyStore'), ...named('factory'), ...named('attack')].join(' × ');
    return { what, why: places[0]?.why ?? '' };
  });
}
