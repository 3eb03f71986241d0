import { isHubConnection } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const T11 = defineStatement({
  id: 'T11',
  group: 'tls',
  level: 'must',
  statement: 'proves to DPS and to the hub that it has the key of its certificate (CertificateVerify)',
  source: 'D-X509',
  needs: ['x509', 'hub'],
  worlds: ['certificate'],
  judge: (record) => {
    const { givenKey } = record.facts;
    const used = eventsOf(record, 'opened').filter(({ connection }) =>
      record.events.some((event) => 'connection' in event && event.connection === connection && used11.has(event.kind)),
    );
    return judgeEvents(used, {
      missing: 'the client opened no connection',
      expected: 'a finished handshake with the certificate of the device, at DPS and at the hub',
      isRight: ({ chain }) => chain[0]?.key === givenKey,
      describe: ({ chain, connection }) =>
        `the handshake to ${isHubConnection(record, connection) ? 'the hub' : 'DPS'} has ${chain[0] === undefined ? 'no client certificate' : `the certificate ${chain[0].subject}`}`,
    });
  },
});

/** Kinds of events which show that the client used a connection. */
const used11: ReadonlySet<string> = new Set(['connect', 'dps-request', 'http', 'bytes']);
