import { counted } from '../../judge/counted.ts';
import { exchanges } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { defineStatement } from '../statement.ts';

export const E2 = defineStatement({
  id: 'E2',
  group: 'errors',
  level: 'should',
  statement: 'does not repeat a request in a tight loop after 401, 403 or 404',
  source: 'EMB, D-SCALE',
  worlds: ['not-enrolled'],
  judge: (record) => {
    const refused = exchanges(record).filter(({ answer }) => [401, 403, 404].includes(answer?.status ?? 0));
    const [first] = refused;
    if (first === undefined) return notExercised('DPS refused no request');
    const requests = refused.map(({ request }) => request);
    const loop = requests.find((request, at) => (requests[at + 2]?.at ?? Number.POSITIVE_INFINITY) - request.at < 2000);
    const third = loop === undefined ? undefined : requests[requests.indexOf(loop) + 2];
    return loop === undefined || third === undefined
      ? passed(`DPS refused ${counted(requests.length, 'request')}, never 3 of them within 2 s`, first.request)
      : failed(
          'fewer than 3 refused requests within 2 s',
          `DPS refused 3 requests in ${showMs(third.at - loop.at)}`,
          loop,
          third,
        );
  },
});
