import { afterAct } from '../../judge/after-act.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { isRenewalFilter } from '../../judge/renewals.ts';
import { defineStatement } from '../statement.ts';

export const N10 = defineStatement({
  id: 'N10',
  group: 'renewal',
  level: 'should',
  statement: 'subscribes again after a reconnect between 202 and 200, and receives the 200',
  source: 'GUIDE [U1]',
  isInformative: true,
  needs: ['csr', 'renewal'],
  worlds: ['renewal-cut'],
  judge: (record) => {
    const later = afterAct(record);
    if (later === undefined) return notExercised('no certificate request got 202');
    const subscribed = later.find(
      (event) => event.kind === 'subscribe' && event.filters.some(({ filter }) => isRenewalFilter(filter)),
    );
    const kept = later.find((event) => event.kind === 'connack' && event.sessionPresent);
    const taken = later.find(
      (event) => event.kind === 'publish' && event.topic.startsWith('$iothub/credentials/res/200/'),
    );
    const evidence = [subscribed, kept, taken].filter((event) => event !== undefined);
    if (subscribed === undefined && kept === undefined)
      return failed(
        'a SUBSCRIBE to $iothub/credentials/res/#',
        'the client sent no SUBSCRIBE after the reconnect',
        ...later.filter(({ kind }) => kind === 'connect').slice(0, 1),
      );
    return taken === undefined
      ? failed('the 200 reaches the client', 'the hub could not deliver the 200', ...evidence)
      : passed('the client got the 200 after the reconnect', ...evidence);
  },
});
