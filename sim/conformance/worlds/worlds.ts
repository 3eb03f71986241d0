import { clockWorlds } from './clock-worlds.ts';
import { hubWorlds } from './hub-worlds.ts';
import { issuanceWorlds } from './issuance-worlds.ts';
import { refusalWorlds } from './refusal-worlds.ts';
import { registrationWorlds } from './registration-worlds.ts';
import { renewalWorlds } from './renewal-worlds.ts';
import { tlsWorlds } from './tls-worlds.ts';
import { tpmWorlds } from './tpm-worlds.ts';
import type { World } from './world.ts';

/** All worlds (lab setups), in the order in which the runner uses them. */
export const worlds: readonly World[] = [
  ...registrationWorlds,
  ...tlsWorlds,
  ...refusalWorlds,
  ...hubWorlds,
  ...tpmWorlds,
  ...issuanceWorlds,
  ...renewalWorlds,
  ...clockWorlds,
];
