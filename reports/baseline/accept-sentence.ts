/**
 * Returns the sentence that explains how to accept the differences from a baseline. @param command a command that works on the computer of
 * the reader.
 */
export function acceptSentence(command: string): string {
  return `If this change is intended, accept it and commit the file: ${command}`;
}
