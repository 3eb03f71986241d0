// The health check of a container, in plain JavaScript. Ends with exit code 0 if a lab listens on this computer at the port that the
// argument names (default: 443).
import { connect } from 'node:tls';

const port = Number(process.argv[2] ?? process.env.REHEARSAL_HTTPS_PORT ?? 443);
// Checks only that the listener answers. It does not verify the certificate, because a lab can have a new root at each start.
const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false }, () => end(0));
socket.once('error', (error) => end(1, error.message));
socket.setTimeout(2500, () => end(1, 'no answer within 2.5 s'));

function end(exitCode, sentence) {
  if (sentence !== undefined) process.stderr.write(`port ${port}: ${sentence}\n`);
  socket.destroy();
  process.exitCode = exitCode;
}
