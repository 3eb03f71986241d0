import { globalEndpoint } from '../../../../core/wire/dps-wire.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const T9 = defineStatement({
  id: 'T9',
  group: 'tls',
  level: 'should',
  statement: 'sends the host name of the service as server name (SNI)',
  source: 'all SDKs; enforcement [U]',
  isInformative: true,
  worlds: ['plain', 'certificate'],
  judge: (record) => {
    const { hub, otherHub } = record.facts;
    const hosts = [globalEndpoint, hub, otherHub];
    return judgeEvents(eventsOf(record, 'opened'), {
      missing: 'the client opened no connection',
      expected: `the server name ${hosts.slice(0, 2).join(' or ')}`,
      isRight: ({ serverName = '' }) => hosts.includes(serverName.toLowerCase()),
      describe: ({ serverName }) => `the server name is ${serverName ?? 'missing'}`,
    });
  },
});
