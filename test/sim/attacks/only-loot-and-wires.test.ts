import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attackerIn } from '../../../sim/world/attacker-in.ts';
import type { World } from '../../../sim/world/world.ts';

const folder = join(import.meta.dirname, '../../../sim/attacks');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));

/** What an attack may name outside its own folder, beside core: words of YAML, and types of what can be stolen or sent. */
const words = ['../scenario/words.ts'];
const types = [
  '../devices/flash.ts',
  '../devices/tpm-chip.ts',
  '../key-stores/key-store.ts',
  '../transports/dps-connection.ts',
];
/** The mock's own seams, which are in core so that both sides share their words. */
const insides = ['cloud', 'history', 'snapshot', 'enrollment', 'faults'].map((name) => `../../core/${name}.ts`);

test.each(files)('%s reaches nothing but loot and wires', (name) => {
  const source = readFileSync(join(folder, name), 'utf8');
  for (const [, how, from = ''] of source.matchAll(/^(import(?: type)?) [^;]*?from '([^']+)';/gms)) {
    if (from.startsWith('./') || from === 'zod' || from.startsWith('node:')) continue;
    if (how === 'import type' && types.includes(from)) continue;
    const isCore = from.startsWith('../../core/') && !insides.includes(from);
    expect(isCore || words.includes(from), `${name} has no business with ${from}`).toBe(true);
  }
});

test('what an attacker is given leads to no world, cloud or device', () => {
  const forbidden = { cloud: { secret: true }, devices: new Map(), network: {}, history: {} };
  const world = {
    ...forbidden,
    clock: {},
    random: { fork: () => ({}) },
    loot: new Map(),
    cloud: { idScope: '0ne00000001', serviceAccess: { host: 'h' }, ports: {} },
  } as unknown as World;
  const seen = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(attackerIn(world));
  for (const inside of [world, world.cloud, world.devices, world.network, world.history]) {
    expect(seen.has(inside)).toBe(false);
  }
});
