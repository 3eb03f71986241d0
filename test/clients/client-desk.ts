import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientCertificate } from '../mocks/clients/raw-https.ts';

/** The result of a client program. */
export interface Ended {
  /** Exit code of the program; null if it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts command-line clients, with a folder for their input files and a limit on their run time. */
export class ClientDesk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rehearsal-clients-'));

  /** Writes a file for a client and returns its path. */
  file(name: string, text: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** Writes a client certificate and its key into files, and returns the two paths. */
  certificate(name: string, { cert, key }: ClientCertificate): { readonly cert: string; readonly key: string } {
    return { cert: this.file(`${name}.pem`, cert), key: this.file(`${name}.key`, key) };
  }

  run(program: string, words: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        words,
        { timeout: 20_000, env: { PATH: process.env['PATH'] } },
        (error, stdout, stderr) => {
          if (error !== null && typeof error.code === 'string')
            reject(new Error(`${program} did not start: ${error.code}`));
          else resolve({ code: error === null ? 0 : ((error.code as number | undefined) ?? null), stdout, stderr });
        },
      );
      // Clients such as `openssl s_client` run until their input ends.
      child.stdin?.end();
    });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
