import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { hubHost } from '../../world/hub-host.ts';
import { changeEnrollments, enrollmentWords, namesNoEnrollment } from '../shared/change-enrollments.ts';

export const changeHubsStep = defineStep({
  name: 'change-hubs',
  summary: 'The cloud operator changes the hubs of an enrollment. Devices in service move when they register again.',
  args: z.strictObject({
    ...enrollmentWords,
    hubs: z
      .array(reference('hub', 'Name of a hub.'))
      .meta({ description: 'Hubs that the allocation chooses from; an empty list allows all.' }),
  }),
  uses: ['cloud', 'devices'],
  misuse: namesNoEnrollment,
  needs: () => ({ service: true }),
  run: async (world, { hubs, ...named }) => {
    const sentence = `is assigned to ${hubs.join(', ') || 'all hubs'}`;
    await changeEnrollments(world, 'change-hubs', named, { hubs: hubs.map(hubHost) }, sentence);
  },
});
