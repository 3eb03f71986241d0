import { failed, notExercised, passed } from '../../judge/finding.ts';
import { defineStatement } from '../statement.ts';

export const M4 = defineStatement({
  id: 'M4',
  group: 'tpm',
  level: 'should',
  statement: 'keeps its present hub key if a registration breaks off after the challenge',
  source: 'DF 0.8',
  needs: ['tpm', 'hub', 'state'],
  worlds: ['tpm-cut'],
  judge: (record) => {
    const cut = record.events.findLastIndex((event) => event.kind === 'act' && event.act.startsWith('the power fails'));
    if (cut === -1) return notExercised('no registration broke off after a challenge');
    const later = record.events.slice(cut + 1);
    const visit = later.find((event) => event.kind === 'connect' && event.service === 'hub');
    const registered = later.find((event) => event.kind === 'dps-request' && event.operation === 'register');
    const code = later.find(
      (event) => event.kind === 'connack' && visit?.kind === 'connect' && event.connection === visit.connection,
    );
    if (visit === undefined || (registered !== undefined && registered.at <= visit.at))
      return failed(
        'a connection to the hub with the old key',
        registered === undefined ? 'the client did not connect to the hub' : 'another registration',
        ...(registered === undefined ? later.slice(0, 1) : [registered]),
      );
    return code?.kind === 'connack' && code.code === 0
      ? passed('the hub accepted the old key', visit, code)
      : failed(
          'the hub accepts the old key',
          'the hub refused the client',
          visit,
          ...(code === undefined ? [] : [code]),
        );
  },
});
