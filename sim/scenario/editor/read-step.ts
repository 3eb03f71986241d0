import type { BoundStep, StepKind } from '../../steps/define-step.ts';
import { shown, mistakesOfIssue, type FoundMistake } from '../mistakes/issue-sentence.ts';
import { checkReferences, type Names } from '../mistakes/references.ts';
import { suggest } from '../mistakes/suggest.ts';

/** Reads one step in the form of a timeline entry, without `after`, `at` and `expect`. Returns the step, or every mistake in it. */
export function readStep(
  written: unknown,
  kinds: readonly StepKind[],
  names: Names,
): { readonly ok: true; readonly deed: BoundStep } | { readonly ok: false; readonly mistakes: readonly string[] } {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    return { ok: false, mistakes: [`expected a step such as { impersonate: { … } }, found ${shown(written)}`] };
  }
  const [entry, second] = Object.entries(written);
  if (entry === undefined || second !== undefined) return { ok: false, mistakes: ['expected one step'] };
  const [name, value] = entry as [string, unknown];
  const kind = kinds.find((one) => one.name === name);
  if (kind === undefined) {
    const known = kinds.map((one) => one.name);
    return { ok: false, mistakes: [`unknown step of an attacker "${name}"${suggest(name, known)}`] };
  }
  const args: unknown = typeof value === 'object' ? (value ?? {}) : { [kind.shorthand]: value };
  const mistakes: FoundMistake[] = [...checkReferences(kind.args, args, names, () => {})];
  const bound = kind.bind(args);
  if (!bound.ok) mistakes.push(...bound.issues.flatMap((issue) => mistakesOfIssue(issue, kind.args, args, name)));
  if (!bound.ok || mistakes.length > 0) {
    return { ok: false, mistakes: mistakes.map(({ path, message }) => [...path, message].join(': ')) };
  }
  return { ok: true, deed: bound.step };
}
