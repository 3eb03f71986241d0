/** Returns a sentence if an error is about the computer and not about rehearse. Otherwise undefined. */
export function environmentMessage(error: unknown): string | undefined;
