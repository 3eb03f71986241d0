import { defaultFidelity } from '../cloud/fidelity.ts';
import { type Run, schemaVersion } from './run.ts';

type Parts =
  | 'schemaVersion'
  | 'fidelity'
  | 'warnings'
  | 'stepVerdicts'
  | 'registrations'
  | 'lines'
  | 'drills'
  | 'signals'
  | 'secrets'
  | 'audits'
  | 'virtualDuration'
  | 'history';

/** What a run holds of which nothing has been played, or nothing was kept. */
export const nothingPlayed: Pick<Run, Parts> = {
  schemaVersion,
  fidelity: defaultFidelity,
  warnings: [],
  stepVerdicts: [],
  registrations: [],
  lines: [],
  drills: [],
  signals: [],
  secrets: [],
  audits: [],
  virtualDuration: 'PT0S',
  history: [],
};
