/** Returns a path as a word of a command line. A path that begins with a dash would be read as an option. */
export function pathWord(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}
