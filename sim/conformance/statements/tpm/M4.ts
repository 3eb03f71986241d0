import { afterAct } from '../../judge/after-act.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { defineStatement } from '../statement.ts';

export const M4 = defineStatement({
  id: 'M4',
  group: 'tpm',
  level: 'should',
  statement: 'keeps its working hub key if a registration breaks off after the challenge',
  source: 'DF 0.8',
  needs: ['tpm', 'hub', 'state'],
  worlds: [],
  judge: (record) => {
    const later = afterAct(record);
    if (later === undefined) return notExercised('no registration broke off after a challenge');
    const visit = later.find((event) => event.kind === 'connect' && event.service === 'hub');
    const code = later.find(
      (event) => event.kind === 'connack' && visit?.kind === 'connect' && event.connection === visit.connection,
    );
    if (visit === undefined)
      return failed('a connection to the hub with the old key', 'no connection to the hub', ...later.slice(0, 1));
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
