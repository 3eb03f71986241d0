import { failed, notExercised, passed } from '../../judge/finding.ts';
import { hubHandshakes, issuances } from '../../judge/issued.ts';
import { defineStatement } from '../statement.ts';

export const I5 = defineStatement({
  id: 'I5',
  group: 'issuance',
  level: 'must',
  statement: 'uses the first certificate of the chain as its own, and only if this certificate contains its key',
  source: 'REST-D',
  needs: ['csr', 'hub'],
  worlds: ['foreign-leaf'],
  judge: (record) => {
    const [issued] = issuances(record);
    if (issued === undefined) return notExercised('DPS issued no certificate');
    const used = hubHandshakes(record).find(({ opened }) => issued.chain.includes(opened.chain[0]?.thumbprint ?? ''));
    return used === undefined
      ? passed('the client did not use a chain whose first certificate has another key', issued.event)
      : failed(
          'no connection to the hub with this chain',
          `the client used ${used.opened.chain[0]?.subject ?? ''} of the chain`,
          issued.event,
          used.opened,
          used.connect,
        );
  },
});
