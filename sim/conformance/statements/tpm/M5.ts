import { memberOf } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { registersWithTpm } from '../../judge/registers-with-tpm.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const M5 = defineStatement({
  id: 'M5',
  group: 'tpm',
  level: 'should',
  statement: 'sends the new storage root key after its TPM was cleared',
  source: 'DF 4.7',
  needs: ['tpm'],
  worlds: ['tpm-cleared'],
  judge: (record) => {
    const keys = registersWithTpm(record).flatMap((event) => {
      const key = memberOf(memberOf(event.body, 'tpm'), 'storageRootKey');
      return typeof key === 'string' ? [{ event, key }] : [];
    });
    const cleared = eventsOf(record, 'act')[0];
    if (cleared === undefined) return notExercised('the TPM was not cleared');
    const before = keys.findLast(({ event }) => event.at < cleared.at);
    const after = keys.find(({ event }) => event.at > cleared.at);
    if (before === undefined || after === undefined)
      return notExercised('the client did not send a storage root key both before and after the clear');
    return before.key === after.key
      ? failed(
          'another storage root key',
          'the client sent the same key as before the clear',
          before.event,
          after.event,
        )
      : passed('the client sent a new storage root key', before.event, after.event);
  },
});
