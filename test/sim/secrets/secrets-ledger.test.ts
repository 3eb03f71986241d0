import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../core/time/clock.ts';
import { History } from '../../../core/history/history.ts';
import { SecretsLedger, type SecretLocation } from '../../../sim/secrets/secrets-ledger.ts';
import { openStation } from '../../../sim/world/station.ts';
import { stationSchema } from '../../../sim/scenario/words/station-words.ts';

const flash: SecretLocation = { party: 'device', place: 'it', label: 'flash' };
const chip: SecretLocation = { party: 'device', place: 'it', label: 'chip', sealed: true };

function openLedger(): { readonly ledger: SecretsLedger; readonly changes: () => readonly string[] } {
  const history = new History(systemClock);
  const changes = (): readonly string[] =>
    history
      .events()
      .flatMap((event) =>
        event.kind === 'secret'
          ? [[event.change, event.secret, event.place, event.sealed === true ? 'sealed' : ''].join(' ').trim()]
          : [],
      );
  return { ledger: new SecretsLedger(history), changes };
}

const station = (name: string, keepsCopies: boolean) =>
  openStation(name, stationSchema.parse({ keepsCopies }), systemClock);

describe('a secret', () => {
  test('gets a number as suffix if its name is in use', () => {
    const { ledger } = openLedger();
    const names = [1, 2, 3].map((mark) => ledger.create('private-key', 'key of it', mark).secret);
    expect(names).toEqual(['key of it', 'key of it, no. 2', 'key of it, no. 3']);
  });

  test('is found by a buffer with equal bytes, and by an object that `addMark` linked to it', () => {
    const { ledger } = openLedger();
    const handle = {};
    const secret = ledger.create('symmetric-key', 'key of it', Buffer.from('bytes'));
    ledger.addMark(handle, secret);
    expect(ledger.find(Buffer.from('bytes'))).toBe(secret);
    expect(ledger.findOrCreate(handle, 'symmetric-key', 'another name')).toBe(secret);
    expect(ledger.find(Buffer.from('other bytes'))).toBeUndefined();
  });
});

describe('the ledger of the secrets that a party (a device or an organisation) holds', () => {
  test('records added secrets as held and removed secrets as dropped if the content of a location is replaced', () => {
    const { ledger, changes } = openLedger();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => ledger.create('private-key', name, name));
    ledger.setContent(flash, [a, b]);
    ledger.setContent(flash, [b, undefined, c]);
    ledger.setContent(flash, [b, c]);
    expect(changes()).toEqual(['held a it', 'held b it', 'dropped a it', 'held c it']);
  });

  test('records a secret once if the party stores it in two locations, and as dropped after both copies are deleted', () => {
    const { ledger, changes } = openLedger();
    const key = ledger.create('private-key', 'key', 'key');
    const backup = { ...flash, label: 'backup' };
    ledger.setContent(flash, [key]);
    ledger.addContent(backup, [key]);
    ledger.setContent(flash, []);
    expect(changes()).toEqual(['held key it']);
    ledger.setContent(backup, []);
    expect(changes()).toEqual(['held key it', 'dropped key it']);
  });

  test('returns the secrets that the party can read, without sealed secrets', () => {
    const { ledger, changes } = openLedger();
    const [key, seed] = [ledger.create('private-key', 'key', 1), ledger.create('tpm-seed', 'seed', 2)];
    ledger.setContent(flash, [key]);
    ledger.setContent(chip, [seed]);
    expect(ledger.readableAt('it')).toEqual([key]);
    expect(ledger.readableAt('other')).toEqual([]);
    expect(changes()).toEqual(['held key it', 'held seed it sealed']);
  });
});

describe('a secret that the production writes into a device', () => {
  test('is on the production line for a moment if the timeline names no station', () => {
    const { ledger, changes } = openLedger();
    ledger.handOver(ledger.create('private-key', 'key', 1), undefined);
    expect(changes()).toEqual(['held key line', 'dropped key line']);
  });

  test('is at the station until the unit goes to the next station', () => {
    const { ledger, changes } = openLedger();
    const dock = station('dock', false);
    ledger.handOver(ledger.create('private-key', 'key', 1), dock);
    expect(changes()).toEqual(['held key dock']);
    ledger.clearStation(dock);
    expect(changes()).toEqual(['held key dock', 'dropped key dock']);
  });

  test('stays at a station that keeps copies', () => {
    const { ledger, changes } = openLedger();
    const dock = station('dock', true);
    const key = ledger.create('private-key', 'key', 1);
    ledger.handOver(key, dock);
    ledger.clearStation(dock);
    expect(changes()).toEqual(['held key dock']);
    expect(ledger.readableAt('dock')).toEqual([key]);
  });
});
