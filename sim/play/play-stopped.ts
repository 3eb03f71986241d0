/** The run controller ended the play. Its history is kept, and the run has no verdict. */
export class PlayStopped extends Error {}
