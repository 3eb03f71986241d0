import type { Attack, HostileStep } from './define-attack.ts';
import { impersonate } from './impersonate.ts';
import { leakedSharedKey } from './leaked-shared-key.ts';

/** Every attack; a new one is a file and a line here. */
export const attacks: readonly Attack[] = [leakedSharedKey];

/** Every kind of step that only an attacker takes. */
export const hostileSteps: readonly HostileStep[] = [impersonate, ...attacks.flatMap(({ steps = [] }) => steps)];
