import { webhookSchema } from '../../scenario/words/allocation-words.ts';
import { defineStep } from '../define-step.ts';
import { StepProblem } from '../../world/step-problem.ts';

export const setWebhookStep = defineStep({
  name: 'set-webhook',
  summary: 'The customer changes the answer of the webhook for custom allocation.',
  shorthand: 'answer',
  args: webhookSchema,
  uses: ['cloud'],
  run: async (world, words) => {
    if (world.cloud.webhook === undefined)
      throw new StepProblem('the cloud has no webhook to change; add one under `cloud: webhook:`');
    world.cloud.webhook.answerWith(words);
    const { answer } = words;
    const how = typeof answer === 'object' ? `status ${answer.status}` : answer;
    world.tell('cloud-operator', 'webhook', `it answers with ${how} from now on`);
  },
});
