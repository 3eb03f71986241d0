/** The run controller ended the play. The run keeps its history and has no verdict. */
export class PlayStopped extends Error {}
