/** The largest number of bytes of each stream that the run reads after one start of a program. */
export const outputLimitBytes = 256 * 1024;
/** The largest number of lines that the history keeps of one start of a program. */
const linesAtMost = 1000;
const longestLine = 500;

/**
 * Splits the output of a program into lines for the history. The number and length of the lines are limited, and secrets are replaced.
 */
export class ProgramOutput {
  readonly #tell: (sentence: string) => void;
  readonly #redact: (text: string) => string;
  readonly #open = { stdout: '', stderr: '' };
  #lines = 0;
  #isInKey = false;

  /**
   * @param secrets texts that no line may contain.
   * @param tell records a sentence in the history.
   */
  constructor(secrets: readonly string[], tell: (sentence: string) => void) {
    this.#tell = tell;
    this.#redact = (text) =>
      secrets
        .reduce((left, secret) => left.replaceAll(secret, redacted), text)
        .replaceAll(/(\bsig=)[^&\s"']+/gi, `$1${redacted}`)
        .replaceAll(/(SharedAccessKey=)[^;\s"']+/gi, `$1${redacted}`);
  }

  add(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const lines = `${this.#open[stream]}${Buffer.from(bytes).toString()}`.split('\n');
    this.#open[stream] = lines.pop() ?? '';
    for (const line of lines) this.#record(stream, line);
  }

  /**
   * Records the last line of each stream, even without a line break, and the numbers of dropped lines and bytes.
   * @param droppedBytes bytes that the program wrote beyond `outputLimitBytes`.
   */
  end(droppedBytes: number): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#open[stream] !== '') this.#record(stream, this.#open[stream]);
      this.#open[stream] = '';
    }
    const dropped = this.#lines - linesAtMost;
    const parts = [
      ...(dropped > 0 ? [`${dropped} more lines`] : []),
      ...(droppedBytes > 0 ? [`${droppedBytes} more bytes`] : []),
    ];
    if (parts.length > 0) {
      this.#tell(
        `its program wrote ${parts.join(' and ')}, which the history omits; it has at most ${linesAtMost} lines and ${outputLimitBytes / 1024} KB for each start`,
      );
    }
  }

  #record(stream: 'stdout' | 'stderr', line: string): void {
    if (++this.#lines > linesAtMost) return;
    const begins = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(line);
    const isSecret = begins || this.#isInKey;
    this.#isInKey = isSecret && !/-----END [A-Z0-9 ]*PRIVATE KEY-----/.test(line);
    const shown = isSecret ? redacted : shorten(printable(this.#redact(line)));
    this.#tell(`its program writes to ${stream}: ${shown}`);
  }
}

const redacted = '[redacted]';

function printable(line: string): string {
  // Colours and control characters of a program would change the terminal that shows a report.
  return line
    .replaceAll(colour, '')
    .replaceAll(/\p{Cc}/gu, ' ')
    .trimEnd();
}

/** A control sequence such as ESC [ 31 m (ECMA-48, 5.4). */
const colour = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*[A-Za-z]`, 'g');

function shorten(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}… (${line.length} characters)`;
}
