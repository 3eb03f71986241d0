import { z } from 'zod';

/**
 * Path of a run.json relative to its report folder, in the one form that a run writes. A results.json from elsewhere must not name
 * a place outside its folder.
 */
export const runFileShape = z.string().regex(/^runs\/[A-Za-z0-9=_][A-Za-z0-9=_.-]{0,150}\/run\.json$/);
