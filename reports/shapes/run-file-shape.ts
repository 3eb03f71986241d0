import { z } from 'zod';

/**
 * Path of a run.json relative to its report folder, in the form that a run writes. A results.json from another computer must not name a
 * path outside its folder.
 */
export const runFileShape = z.string().regex(/^runs\/[A-Za-z0-9=_][A-Za-z0-9=_.-]{0,150}\/run\.json$/);
