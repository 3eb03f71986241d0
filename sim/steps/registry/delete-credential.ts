import { z } from 'zod';
import { namespaceWord } from '../../scenario/words/registry-words.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { defineStep } from '../define-step.ts';

/** Deletes the credential of a namespace: its root and its issuing CAs. */
export const deleteCredentialStep = defineStep({
  name: 'delete-credential',
  summary:
    'The cloud operator deletes the root and the issuing CAs of a namespace. Hubs trust the CAs until remove-synced-ca deletes them there.',
  shorthand: 'namespace',
  args: z.strictObject({ namespace: namespaceWord }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { namespace }) => {
    const deleted = world.cloud.operator.registry.deleteCredential(namespace);
    mustSucceed(deleted, `the credential of namespace ${namespace} cannot be deleted`);
    world.tell('cloud-operator', namespace, 'the root and the issuing CAs of the namespace are deleted');
  },
});
