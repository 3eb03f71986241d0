import { spawn } from 'node:child_process';

/**
 * Number of lines that a message shows from the start, and from the end, of a long output. npm prints the cause of a failure first, apt-get
 * last.
 */
const keptLines = 15;

/** Exit codes after a signal: 128 plus the number of the signal, as in shells. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs a program and captures its output. `failure` is a sentence such as `ended with code 1`; undefined if the program succeeded. If this
 * process receives SIGHUP, SIGINT or SIGTERM, it ends the program first. Ends a program that runs longer than `limitMs`; default: no limit.
 */
export function runQuietly([program, ...words], cwd, limitMs) {
  return new Promise((resolve) => {
    // On Windows npm is a batch file, which needs a shell. The shell is no risk, because all words are constants.
    const child = spawn(program, words, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    let isLate = false;
    const alarm =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            isLate = true;
            child.kill();
          }, limitMs);
    let interrupted;
    const passOn = (signal) => {
      if (interrupted === undefined)
        process.stderr.write(`Waiting for ${program} to end; a second ${signal} kills it.\n`);
      child.kill(interrupted === undefined ? signal : 'SIGKILL');
      interrupted = signal;
    };
    for (const signal of Object.keys(exitCodes)) process.on(signal, passOn);
    const end = (failure) => {
      clearTimeout(alarm);
      // This process exits only after npm has ended, because npm needs time to clean up, and the next setup must not start meanwhile.
      if (interrupted !== undefined) process.exit(exitCodes[interrupted]);
      for (const signal of Object.keys(exitCodes)) process.off(signal, passOn);
      resolve({ failure, output: shortened(output) });
    };
    child.once('error', ({ code, message }) => {
      end(`did not start: ${code === 'ENOENT' ? `there is no ${program} on the PATH` : message}`);
    });
    child.once('close', (code, signal) => {
      if (isLate) return end(`was ended: it took longer than ${limitMs / 1000} s`);
      if (signal !== null) return end(`was ended by ${signal}`);
      end(code === 0 ? undefined : `ended with code ${code}`);
    });
  });
}

function shortened(output) {
  const lines = output.trim().split('\n');
  if (lines.length <= 2 * keptLines) return lines.join('\n');
  return [...lines.slice(0, keptLines), '...', ...lines.slice(-keptLines)].join('\n');
}
