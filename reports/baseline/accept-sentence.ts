/** Returns the sentence that explains how to accept the differences. @param command a command that works where the sentence is read. */
export function acceptSentence(command: string): string {
  return `If this change is intended, accept it and commit the file: ${command}`;
}
