export function runQuietly(
  words: readonly string[],
  cwd: string,
  limitMs?: number,
): Promise<{ readonly failure: string | undefined; readonly output: string }>;
