import { z } from 'zod';
import { checks, type CheckId } from '../checks.ts';

/** A named check of `core/checks.ts`. */
export const checkWord = z.enum(Object.keys(checks) as [CheckId, ...CheckId[]]).meta({ list: 'checks', noun: 'check' });
