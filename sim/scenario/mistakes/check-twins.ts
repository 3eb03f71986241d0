import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { initialTwinViolation } from '../../../core/wire/twin-rules.ts';
import type { FoundMistake } from './issue-sentence.ts';
import type { Path } from '../yaml-source.ts';

/**
 * Finds every initial twin of an enrollment, a group or a webhook that a hub would refuse. The rules depend on the fidelity switches of the
 * file.
 */
export function checkTwins(tree: Readonly<Record<string, unknown>>): readonly FoundMistake[] {
  const fidelity = valueOf(valueOf(tree, 'cloud'), 'fidelity');
  const written = valueOf(fidelity, 'hashInTwinNames');
  const hashInTwinNames = written === 'accept' || written === 'reject' ? written : defaultFidelity.hashInTwinNames;
  return twinsIn(tree, []).flatMap(({ twin, path }): readonly FoundMistake[] => {
    const [tags, properties] = [valueOf(twin, 'tags'), valueOf(twin, 'properties')];
    const desired = valueOf(properties, 'desired');
    // A value that is not a twin needs no check here, because the schema reports it.
    const violation = initialTwinViolation(
      { ...(isMap(tags) ? { tags } : {}), ...(isMap(desired) ? { properties: { desired } } : {}) },
      { hashInTwinNames },
    );
    if (violation === undefined) return [];
    const message = `the hub refuses this initial twin: ${violation.sentence} Change the name or value, or remove it`;
    return [{ path: [...path, ...violation.path], message }];
  });
}

function twinsIn(value: unknown, path: Path): readonly { readonly twin: unknown; readonly path: Path }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => twinsIn(item, [...path, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([word, inner]) =>
    word === 'initialTwin' ? [{ twin: inner, path: [...path, word] }] : twinsIn(inner, [...path, word]),
  );
}

function valueOf(value: unknown, word: string): unknown {
  return isMap(value) && Object.hasOwn(value, word) ? value[word] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
