import { hubWorlds } from './hub-worlds.ts';
import { refusalWorlds } from './refusal-worlds.ts';
import { registrationWorlds } from './registration-worlds.ts';
import { tlsWorlds } from './tls-worlds.ts';
import type { World } from './world.ts';

/** All worlds, in the order in which they are played. */
export const worlds: readonly World[] = [...registrationWorlds, ...tlsWorlds, ...refusalWorlds, ...hubWorlds];
