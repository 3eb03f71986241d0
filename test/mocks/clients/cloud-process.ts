import { group, symmetricKeys } from './credentials.ts';
import { openCloud } from './open-cloud.ts';

// Runs a cloud with one symmetric-key group in a separate process. It prints the address of the cloud as one line of JSON, and ends when
// stdin closes.
const keys = symmetricKeys();
const { cloud } = await openCloud({ assignmentMs: 0 });
cloud.operator.putEnrollmentGroup(group('line', keys));
const said = { ports: cloud.ports, root: cloud.serverRoot.toString('base64'), key: keys.primaryKey.toString('base64') };
process.stdout.write(`${JSON.stringify(said)}\n`);
process.stdin.resume().on('end', () => process.exit(0));
