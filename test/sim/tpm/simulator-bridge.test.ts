import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TpmSecurityClient } from 'azure-iot-security-tpm';
import { Tpm as TssTpm } from 'tss.js';
import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { tpm2b } from '../../../core/tpm/bytes.ts';
import { signingKeyTemplate } from '../../../core/tpm/templates.ts';
import { registrationIdOfEndorsementKey } from '../../../core/tpm/registration-id.ts';
import { openRawBridge, type RawBridge } from '../../../sim/tpm/raw-bridge.ts';
import { SharedTpm } from '../../../sim/tpm/shared-tpm.ts';
import { openSimulatorBridge, type SimulatorBridge } from '../../../sim/tpm/simulator-bridge.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { Tpm } from '../../../sim/tpm/tpm.ts';
import { register, sendTelemetry } from '../../sdk/clients.ts';
import { hub, openLab } from '../../sdk/lab.ts';
import { Owner } from '../../sdk/owner.ts';
import { swtpmMissing } from '../swtpm-present.ts';
import { loadedHandles } from './loaded-handles.ts';
import { swtpmProcessesOn } from './swtpm-process.ts';
import { toolsMissing } from './tpm2-tools.ts';

describe.skipIf(swtpmMissing)('a TPM behind the simulator bridge', () => {
  const directory = openRunDirectory();
  const warnings: string[] = [];
  let stateDir: string;
  let tpm: SharedTpm;
  let bridge: SimulatorBridge;
  let raw: RawBridge;

  afterAll(() => directory.close());
  beforeEach(async () => {
    stateDir = directory.subdirectory('tpm');
    warnings.length = 0;
    tpm = await SharedTpm.start(stateDir, (sentence) => warnings.push(sentence));
    bridge = await openSimulatorBridge(tpm);
    raw = await openRawBridge(tpm, join(stateDir, 'tpm.sock'));
  });
  afterEach(async () => {
    await Promise.all([bridge.close(), raw.close()]);
    await tpm.close();
    expect(swtpmProcessesOn(stateDir)).toEqual([]);
  });

  const loaded = (): Promise<readonly number[]> => loadedHandles((command) => tpm.transmit(command));

  test('lets Microsoft’s client provision and connect to the hub, although the client still has its first TPM connection open', async () => {
    const lab = await openLab();
    onTestFinished(() => lab.close());
    // This test puts the TPM into the state of a TPM of `rehearse serve`: it has the endorsement key of the TCG template, and it is powered
    // off.
    const maker = new Tpm((command) => tpm.transmit(command), { ekTemplate: 'tcg-l1' });
    const endorsementKey = await maker.endorsementKey();
    await tpm.close();
    const id = registrationIdOfEndorsementKey(endorsementKey);
    const attestation = { type: 'tpm', tpm: { endorsementKey: endorsementKey.toString('base64') } };
    await new Owner(lab).enroll(id, { attestation });
    const first = simulatorTpm(bridge);
    const result = await register(lab, 'https', new TpmSecurityClient(undefined, first));
    expect(result).toMatchObject({ status: 'assigned', registrationState: { assignedHub: hub, deviceId: id } });
    const second = simulatorTpm(bridge);
    await sendTelemetry(lab, id, { tpm: new TpmSecurityClient(id, second) });
    first.close();
    second.close();
  });

  test('gives random bytes to TSS.JS over two connections at the same time', async () => {
    const clients = [simulatorTpm(bridge), simulatorTpm(bridge)];
    await Promise.all(clients.map((client) => new Promise<void>((done) => client.connect(done))));
    const drawn = await Promise.all(
      clients.map(
        (client) => new Promise<Buffer | undefined>((done) => client.GetRandom(20, (_, bytes) => done(bytes))),
      ),
    );
    expect(drawn.map((bytes) => bytes?.length)).toEqual([20, 20]);
    expect(drawn[0]).not.toEqual(drawn[1]);
    for (const client of clients) client.close();
  });

  test('keeps the objects of a disconnected client until another client flushes them', async () => {
    const leaving = await RawClient.open(bridge.port);
    const session = await leaving.command(startSession);
    const key = await leaving.command(createPrimary);
    expect([codeOf(session), codeOf(key)]).toEqual([0, 0]);
    leaving.socket.resetAndDestroy();
    const next = await RawClient.open(bridge.port);
    expect(await loaded()).toHaveLength(2);
    for (const response of [session, key]) expect(codeOf(await next.command(flush(response.subarray(10, 14))))).toBe(0);
    expect(await loaded()).toEqual([]);
    await next.ends(word(20));
  });

  test.each(['reset', 'power off and on'])('loses loaded objects and keeps stored objects at %s', async (how) => {
    const before = await new Tpm((command) => tpm.transmit(command)).endorsementKey();
    const [client, power] = [await RawClient.open(bridge.port), await RawClient.open(bridge.port + 1)];
    await client.command(startSession);
    for (const signal of how === 'reset' ? [17] : [2, 1]) expect(await power.answers(word(signal), 4)).toEqual(word(0));
    expect(codeOf(await client.command(startup))).toBe(0);
    expect(await loaded()).toEqual([]);
    expect(await new Tpm((command) => tpm.transmit(command)).endorsementKey()).toEqual(before);
  });

  test('answers commands with zero octets while it has no power', async () => {
    const [client, power] = [await RawClient.open(bridge.port), await RawClient.open(bridge.port + 1)];
    expect(await power.answers(word(2), 4)).toEqual(word(0));
    expect(await client.command(getRandom)).toEqual(Buffer.alloc(0));
    // A reset does not power the TPM on.
    expect(await power.answers(word(17), 4)).toEqual(word(0));
    expect(await client.command(getRandom)).toEqual(Buffer.alloc(0));
  });

  test('needs TPM2_Startup from the client after power-on', async () => {
    const [client, power] = [await RawClient.open(bridge.port), await RawClient.open(bridge.port + 1)];
    await power.answers(word(2), 4);
    await power.answers(word(1), 4);
    expect(codeOf(await client.command(getRandom))).toBe(0x100);
    expect(codeOf(await client.command(startup))).toBe(0);
    expect(codeOf(await client.command(getRandom))).toBe(0);
    // A second power-on, and a restart of the clock, have no effect.
    for (const signal of [1, 18]) await power.answers(word(signal), 4);
    expect(codeOf(await client.command(startup))).toBe(0x100);
  });

  test('resumes with TPM2_Startup(STATE) after TPM2_Shutdown(STATE)', async () => {
    const [client, power] = [await RawClient.open(bridge.port), await RawClient.open(bridge.port + 1)];
    expect(codeOf(await client.command(Buffer.from('80010000000c000001450001', 'hex')))).toBe(0);
    for (const signal of [2, 1]) await power.answers(word(signal), 4);
    expect(codeOf(await client.command(Buffer.from('80010000000c000001440001', 'hex')))).toBe(0);
  });

  test('reports that its process was killed, and the next command restarts the process from its state directory', async () => {
    const endorsementKey = await new Tpm((command) => tpm.transmit(command)).endorsementKey();
    const client = await RawClient.open(bridge.port);
    for (const pid of swtpmProcessesOn(stateDir)) process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => warnings)
      .toEqual([expect.stringMatching(/^swtpm ended by signal SIGKILL; .*starts it again/)]);
    expect(codeOf(await client.command(getRandom))).toBe(0);
    expect(await new Tpm((command) => tpm.transmit(command)).endorsementKey()).toEqual(endorsementKey);
  });

  test('can be powered on after its process was killed, as after a power cut', async () => {
    for (const pid of swtpmProcessesOn(stateDir)) process.kill(pid, 'SIGKILL');
    await expect.poll(() => warnings).toHaveLength(1);
    const [client, power] = [await RawClient.open(bridge.port), await RawClient.open(bridge.port + 1)];
    await power.answers(word(1), 4);
    expect(codeOf(await client.command(getRandom))).toBe(0x100);
    expect(codeOf(await client.command(startup))).toBe(0);
    expect(codeOf(await client.command(getRandom))).toBe(0);
  });

  test('powers on and starts up if a command arrives at the socket file while it has no power', async () => {
    const [power, tool] = [await RawClient.open(bridge.port + 1), await RawClient.open(raw.path)];
    await power.answers(word(2), 4);
    expect(codeOf(await tool.answers(getRandom, 20))).toBe(0);
  });

  test('ends the connection after a malformed message, answers a malformed command with an error code, and still works', async () => {
    const [long, wrongSize] = [Buffer.alloc(5000), Buffer.from(getRandom)];
    getRandom.copy(long);
    long.writeUInt32BE(5000, 2);
    wrongSize.writeUInt32BE(11, 2);
    const client = await RawClient.open(bridge.port);
    expect(codeOf(await client.command(long))).toBe(0x142);
    expect(codeOf(await client.command(wrongSize))).toBe(0x142);
    expect(codeOf(await client.command(Buffer.alloc(0)))).toBe(0x142);
    expect(codeOf(await client.command(getRandom, 3))).toBe(0x907);
    for (const [port, garbage] of [
      [bridge.port, 'GET / HTTP/1.1\r\n\r\n'],
      [bridge.port, Buffer.from('00000008ff7fffffff', 'hex')],
      [bridge.port + 1, 'GET / HTTP/1.1\r\n\r\n'],
      [raw.path, Buffer.from('8001ffffffff', 'hex')],
      [`${raw.path}.ctrl`, 'what?'],
    ] as const) {
      await (await RawClient.open(port)).ends(garbage);
    }
    // The server accepts a message that arrives byte by byte.
    const whole = Buffer.concat([word(8), Buffer.of(0), word(getRandom.length), getRandom]);
    for (const byte of whole.subarray(0, -1)) client.socket.write(Buffer.of(byte));
    expect((await client.answers(whole.subarray(-1), 4 + 20 + 4)).readUInt32BE(10)).toBe(0);
  });

  test('gets the next free ports if it is the second TPM', async () => {
    const other = await openSimulatorBridge(tpm);
    expect(other.port).toBeGreaterThan(bridge.port);
    await other.close();
    const again = await openSimulatorBridge(tpm, other.port);
    expect(again.port).toBe(other.port);
    await again.close();
  });

  test.skipIf(toolsMissing)('gives tpm2-tools access to the same TPM through the socket file', async () => {
    const endorsementKey = await new Tpm((command) => tpm.transmit(command)).endorsementKey();
    const tool = async (name: string, ...args: readonly string[]): Promise<string> => {
      const options = { cwd: stateDir, timeout: 30_000 };
      const { stdout } = await promisify(execFile)(name, [...args, '-T', `swtpm:path=${raw.path}`], options);
      return stdout;
    };
    expect(await tool('tpm2_getcap', 'handles-persistent')).toContain('0x81010001');
    expect(endorsementKey.subarray(-256).toString('hex')).toMatch(/^[0-9a-f]{512}$/);
    expect(await tool('tpm2_readpublic', '-c', '0x81010001')).toContain(endorsementKey.subarray(-256).toString('hex'));
    await tool('tpm2_createprimary', '-C', 'o', '-c', 'primary.ctx');
    await tool('tpm2_create', '-C', 'primary.ctx', '-u', 'key.pub', '-r', 'key.priv');
  });
});

/** Connects the TSS.JS library to the simulator, as a firmware does. */
function simulatorTpm(bridge: SimulatorBridge): TssTpm {
  return new TssTpm(true, '127.0.0.1', bridge.port);
}

/** A client that writes and reads raw bytes, so that it can violate the protocol. */
class RawClient {
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
  }

  static async open(place: number | string): Promise<RawClient> {
    const socket = typeof place === 'string' ? connect(place) : connect(place, '127.0.0.1');
    await once(socket, 'connect');
    onTestFinished(() => void socket.destroy());
    return new RawClient(socket);
  }

  async answers(message: Buffer, length: number): Promise<Buffer> {
    this.socket.write(message);
    let received = Buffer.alloc(0);
    while (received.length < length) {
      const [part] = (await once(this.socket, 'data')) as [Buffer];
      received = Buffer.concat([received, part]);
    }
    return received;
  }

  /** Sends a command by the protocol of the simulator and returns the response. */
  async command(command: Buffer, locality = 0): Promise<Buffer> {
    this.socket.write(Buffer.concat([word(8), Buffer.of(locality), word(command.length), command]));
    let received = Buffer.alloc(0);
    while (received.length < 4 || received.length < 8 + received.readUInt32BE(0)) {
      const [part] = (await once(this.socket, 'data')) as [Buffer];
      received = Buffer.concat([received, part]);
    }
    expect(received.subarray(-4)).toEqual(word(0));
    return received.subarray(4, -4);
  }

  /** Sends bytes that make the server end the connection. */
  async ends(message: string | Buffer): Promise<void> {
    this.socket.resume();
    const closed = once(this.socket, 'close');
    this.socket.write(message);
    await closed;
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const codeOf = (response: Buffer): number => response.readUInt32BE(6);

const getRandom = Buffer.from('80010000000c0000017b0008', 'hex');
/** A TPM2_CreatePrimary command for an ECDSA P-256 key in the owner hierarchy, with an empty password. */
const createPrimary = ((): Buffer => {
  const head = Buffer.from('400000010000000940000009000000000000040000', 'hex');
  const body = Buffer.concat([head, Buffer.alloc(2), tpm2b(signingKeyTemplate()), Buffer.alloc(6)]);
  return Buffer.concat([Buffer.from('8002', 'hex'), word(10 + body.length), word(0x131), body]);
})();
const flush = (handle: Buffer): Buffer => Buffer.concat([Buffer.from('80010000000e00000165', 'hex'), handle]);
const startup = Buffer.from('80010000000c000001440000', 'hex');
/** A TPM2_StartAuthSession command for a policy session: SHA-256, 16-byte nonce, no key, no binding. */
const startSession = Buffer.from(
  `80010000002b00000176${'40000007'.repeat(2)}0010${'00'.repeat(16)}0000010010000b`,
  'hex',
);
