import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

/**
 * Runs inside the network of a test: each port of this network leads to a Unix socket in a folder, named after the port, behind
 * which the test passes the connection on. Unix sockets are the one thing that two networks of a computer share. Ends with its
 * standard input.
 *   node relay.mjs FOLDER PORT...
 */
const [folder, ...ports] = process.argv.slice(2);

for (const port of ports) {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const service = connect({ path: join(folder, port), allowHalfOpen: true });
    for (const [from, to] of [
      [client, service],
      [service, client],
    ]) {
      from.pipe(to);
      // Also when it was cut, so that the other end learns of it.
      from.on('error', () => to.destroy()).on('close', () => to.destroySoon());
    }
  });
  server.listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
}
process.stdout.write('ready\n');
process.stdin.resume().on('end', () => process.exit(0));
