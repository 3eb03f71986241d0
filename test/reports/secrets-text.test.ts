import { expect, test } from 'vitest';
import type { FlaggedHolding } from '../../core/findings/flag-holdings.ts';
import { secretsText } from '../../reports/sentences/secrets-text.ts';
import { terminalReport } from '../../reports/terminal.ts';
import { playbackOf, played, sampleRun, sampleView } from './sample-playback.ts';

const copy = (more: Partial<FlaggedHolding>): FlaggedHolding => ({
  secret: 'private key of valve-1',
  sort: 'private-key',
  party: 'contract-manufacturer',
  place: 'flash',
  from: '2026-01-05T08:00:00.000Z',
  to: null,
  flag: 'needless',
  ...more,
});

const { flag: _flag, ...fine } = copy({ party: 'device', place: 'valve-1' });

const holdings = [
  copy({}),
  fine,
  copy({ secret: 'private key of valve-2' }),
  copy({ secret: 'shared key k', sort: 'shared-key', party: 'device', place: 'valve-1' }),
  copy({ secret: 'shared key k', sort: 'shared-key', party: 'device', place: 'valve-2' }),
  copy({ secret: 'private key of valve-1', party: 'attacker', place: 'loot\u001B', flag: 'stolen' }),
];

test('`secretsText` lists exposed secrets with their locations, and stolen secrets first', () => {
  expect(secretsText(holdings)).toEqual([
    'stolen: the attacker has private key of valve-1 (loot\u001B)',
    'unneeded copy: contract-manufacturer could read private key of valve-1 and 1 more secret at flash',
    'shared secret: valve-1 and 1 more device have shared key k, which another device has too',
  ]);
  expect(secretsText([fine])).toEqual([]);
});

test('the terminal report lists exposed secrets only if all scenarios are from one file, and prints no control characters', () => {
  const one = played(sampleRun('one', 'pass', 'as expected', { secrets: holdings }));
  const quiet = played(sampleRun('two', 'pass', 'as expected', { title: 'Nothing strays', secrets: [fine] }));
  const text = terminalReport.onEnd(playbackOf([one, quiet]), sampleView);
  expect(text).toContain('secrets  A certificate expires in the warehouse\n  stolen: ');
  expect(text).toContain(
    '\n  unneeded copy: contract-manufacturer could read private key of valve-1 and 1 more secret at flash\n',
  );
  expect(text).not.toContain('Nothing strays');
  expect(text).not.toContain('\u001B');
  const elsewhere = played(sampleRun('three', 'pass', 'as expected', { file: 'other.yaml' }));
  expect(terminalReport.onEnd(playbackOf([one, elsewhere]), sampleView)).not.toContain('unneeded');
});
