import { failed, type Result } from '../../result.ts';
import { parseClientHello, type ClientHello } from './client-hello.ts';

/**
 * Reads the ClientHello at the beginning of a connection. The message can be in several records (RFC 8446 5.1) and in
 * TCP segments of any size. The reader keeps at most `helloLimit` octets of the message, and the work for each octet is
 * bounded.
 */
export class HelloReader {
  /** The part of the current record header that has arrived. Empty while the reader is inside a fragment. */
  #header = Buffer.alloc(0);
  /** Number of octets of the current fragment that have not arrived yet. */
  #missing = 0;
  /** Buffer of the message. Its first `#length` octets have arrived. */
  #message = Buffer.alloc(512);
  #length = 0;
  #result: Result<ClientHello> | undefined;

  /** Takes the next octets of the connection. Returns the ClientHello or its fault, or undefined if more octets are needed. */
  push(octets: Buffer): Result<ClientHello> | undefined {
    let rest = octets;
    while (this.#result === undefined && rest.length > 0) {
      rest = this.#missing > 0 ? this.#takeFragment(rest) : this.#takeHeader(rest);
    }
    return this.#result;
  }

  #takeHeader(octets: Buffer): Buffer {
    const wanted = recordHeader - this.#header.length;
    this.#header = Buffer.concat([this.#header, octets.subarray(0, wanted)]);
    const mismatch = mismatchIn(this.#header, this.#length === 0);
    if (mismatch !== undefined) this.#result = failed('client-hello-missing', mismatch);
    else if (this.#header.length === recordHeader) {
      this.#missing = this.#header.readUInt16BE(3);
      this.#header = Buffer.alloc(0);
    }
    return octets.subarray(wanted);
  }

  #takeFragment(octets: Buffer): Buffer {
    const part = octets.subarray(0, this.#missing);
    this.#missing -= part.length;
    this.#append(part);
    if (this.#length >= messageHeader) this.#result = this.#parsed();
    return octets.subarray(part.length);
  }

  #append(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#message.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#message.length));
      this.#message.copy(larger, 0, 0, this.#length);
      this.#message = larger;
    }
    part.copy(this.#message, this.#length);
    this.#length = length;
  }

  /** Parses the message. Returns undefined if the message is not complete. */
  #parsed(): Result<ClientHello> | undefined {
    const type = this.#message.readUInt8(0);
    if (type !== clientHelloType)
      return failed('client-hello-missing', `handshake message ${type} instead of a ClientHello (1)`);
    const length = this.#message.readUIntBE(1, 3);
    if (length > helloLimit)
      return failed('client-hello-too-large', `a ClientHello of ${length} octets, more than ${helloLimit}`);
    if (this.#length < messageHeader + length) return undefined;
    return parseClientHello(this.#message.subarray(messageHeader, messageHeader + length));
  }
}

/** Reads a ClientHello from octets that contain the complete message, for example from a file. */
export function readClientHello(octets: Buffer): Result<ClientHello> {
  const read = new HelloReader().push(octets);
  return read ?? failed('client-hello-incomplete', `the ClientHello is not complete after ${octets.length} octets`);
}

/** Reads a ClientHello message without its record header. */
export function readHelloMessage(octets: Buffer): Result<ClientHello> {
  const record = Buffer.alloc(recordHeader);
  record.set([handshakeRecord, 3, 1]);
  record.writeUInt16BE(Math.min(octets.length, largestFragment), 3);
  return octets.length > largestFragment
    ? failed('client-hello-too-large', `the message has ${octets.length} octets, expected at most ${largestFragment}`)
    : readClientHello(Buffer.concat([record, octets]));
}

/**
 * Describes the fault in the part of the record header that has arrived. Returns undefined if the header has no fault.
 */
function mismatchIn(header: Buffer, isFirst: boolean): string | undefined {
  const [type, major] = header;
  const place = isFirst ? 'the first record' : 'a record inside the ClientHello';
  if (type !== handshakeRecord) {
    const plain = isFirst && type !== undefined ? plainProtocol(type) : '';
    return `octet ${type}${plain} instead of a TLS handshake record (22) as ${place}`;
  }
  if (major !== undefined && major !== 3) return `version ${major}.x instead of 3.x in ${place}`;
  if (header.length < recordHeader) return undefined;
  const length = header.readUInt16BE(3);
  if (length > 0 && length <= largestFragment) return undefined;
  return `${length} octets instead of 1 to ${largestFragment} in ${place}`;
}

/**
 * Names the protocol that a client without TLS probably uses, by its first octet. Returns an empty text for an unknown
 * octet.
 */
function plainProtocol(octet: number): string {
  if (octet === 0x10) return ' (a CONNECT of MQTT without TLS)';
  if (octet === 0x41) return ' (the header of AMQP without TLS)';
  if (octet >= 0x41 && octet <= 0x5a) return ' (a letter, as at the beginning of an HTTP request without TLS)';
  return octet >= 0x80 ? ' (perhaps a ClientHello of SSL 2.0)' : '';
}

/** Largest ClientHello in octets that OpenSSL reads. */
export const helloLimit = 131_396;

const handshakeRecord = 22;
const clientHelloType = 1;
const recordHeader = 5;
const messageHeader = 4;
/** RFC 8446 5.1. */
const largestFragment = 2 ** 14;
