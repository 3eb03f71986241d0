/** The run controller ended the run. The run keeps its history, and its verdict is `unknown`. */
export class PlayStopped extends Error {}
