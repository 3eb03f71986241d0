import type { StudioAction } from '../../reports/html/studio-api.ts';
import { choicesOfStep } from '../../sim/scenario/editor/choices.ts';
import type { Names } from '../../sim/scenario/mistakes/references.ts';
import { consoleSteps } from '../../sim/play/attacker-console.ts';

/** Returns the actions of the attacker console, with the devices, loot and other names that exist now. */
export function consoleActions(names: Names): readonly StudioAction[] {
  return consoleSteps.map((kind) => ({
    name: kind.name,
    summary: kind.summary,
    words: choicesOfStep(kind, names).map(({ path: _path, group: _group, isWritten: _isWritten, ...word }) => word),
  }));
}
