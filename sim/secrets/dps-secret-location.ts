import type { Drawer } from './secrets-ledger.ts';

/** Where DPS keeps its half of a secret. @param label such as `enrollment sensor-1`. */
export function dpsDrawer(label: string): Drawer {
  return { party: 'cloud-operator', place: 'DPS', label };
}
