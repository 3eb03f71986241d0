import { once } from 'node:events';
import { connect } from 'node:net';
import { Tpm } from '../../../sim/tpm/tpm.ts';

/** Returns the TPM behind a socket of swtpm. @param change rewrites a command before it is sent. */
export async function tpmAtSocket(
  path: string,
  change: (command: Buffer) => Buffer = (command) => command,
): Promise<Tpm> {
  const socket = connect(path);
  await once(socket, 'connect');
  let bytes = Buffer.alloc(0);
  let answer: ((response: Buffer) => void) | undefined;
  socket.on('data', (part) => {
    bytes = Buffer.concat([bytes, part]);
    if (bytes.length < 6 || bytes.length < bytes.readUInt32BE(2)) return;
    answer?.(bytes);
    bytes = Buffer.alloc(0);
  });
  return new Tpm(
    (command) =>
      new Promise((done) => {
        answer = done;
        socket.write(change(command));
      }),
  );
}
