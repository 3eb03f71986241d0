import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Transform } from 'node:stream';

/**
 * Runs inside the network of a test. It forwards each port of this network to a Unix socket in a folder; the name of the socket is the port
 * number. The test forwards the socket to the mock. Programs inside and outside this network can reach a Unix socket, but no port on the
 * other side. Ends when its standard input ends. Usage: `node relay.mjs FOLDER PORT...`.
 */
const roundTripMs = 40;
const [folder, ...ports] = process.argv.slice(2);

for (const port of ports) {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const service = connect({ path: join(folder, port), allowHalfOpen: true });
    for (const [from, to] of [
      [client, service],
      [service, client],
    ]) {
      if (from === service) from.pipe(underWay()).pipe(to);
      else from.pipe(to);
      // If one connection was reset, the forwarded connection must end too.
      from.on('error', () => to.destroy()).on('close', () => to.destroySoon());
    }
  });
  server.listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
}
/**
 * Delays the data of a service by a round trip, as any network between a device and Azure does. The MQTT client of the Java provisioning
 * SDK needs this delay, because it sends its request before it begins to wait. If the answer arrives at once, the client misses the answer
 * and waits for a minute.
 */
function underWay() {
  return new Transform({
    transform(part, _encoding, done) {
      setTimeout(() => this.push(part), roundTripMs);
      done();
    },
    flush(done) {
      setTimeout(done, roundTripMs);
    },
  });
}

process.stdout.write('ready\n');
process.stdin.resume().on('end', () => process.exit(0));
