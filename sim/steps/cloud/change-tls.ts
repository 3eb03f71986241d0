import { z } from 'zod';
import { tlsProfileNames, tlsProfileOf } from '../../../core/wire/tls/tls-profiles.ts';
import { defineStep } from '../define-step.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** Changes versions, cipher suites and roots of all servers. Devices notice the change at their next connection. */
export const changeTlsStep = defineStep({
  name: 'change-tls',
  summary:
    'DPS and hubs get the TLS of another period of Azure: versions, cipher suites and roots. Open connections stay open.',
  shorthand: 'profile',
  args: z.strictObject({
    profile: z.enum(tlsProfileNames).meta({
      description: 'TLS of the hosts from now on. The scenario must also have `cloud: tls:`, the TLS at its start.',
    }),
  }),
  uses: ['cloud'],
  run: async (world, { profile }) => {
    const { cloud, tell } = world;
    if (cloud.settings.tls === undefined)
      throw new StepProblem(
        'the cloud has no TLS profile at the start; add `cloud: { tls: azure-2024 }` or another profile',
      );
    await cloud.operator.changeTls(profile);
    tell('cloud-operator', profile, `the TLS of the servers changes: ${tlsProfileOf(profile).sentence}`);
  },
});
