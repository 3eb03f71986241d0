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

/** The contents of a run that did not start or lost its record. */
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
