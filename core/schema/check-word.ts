import { z } from 'zod';
import { checks, type CheckId } from '../checks.ts';

/** Schema of the ID of a named check from `core/checks.ts`. */
export const checkWord = z.enum(Object.keys(checks) as [CheckId, ...CheckId[]]).meta({ list: 'checks', noun: 'check' });
