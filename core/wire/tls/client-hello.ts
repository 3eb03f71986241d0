import { defined } from '../../defined.ts';
import { failed, succeeded, type Result } from '../../result.ts';
import { groupName, signatureAlgorithmName, suiteText, versionName } from './tls-names.ts';

/**
 * The offer of a client in its first message (RFC 8446 4.1.2, RFC 5246 7.4.1.2). Lists have the order of the client. A
 * reserved value is `GREASE` (RFC 8701), and an unknown value is its number, such as `0x1234`.
 */
export interface ClientHello {
  /**
   * The versions in `supported_versions`. A client without this extension names only its newest version, so the list has one entry and
   * `hasVersionList` is false.
   */
  readonly versions: readonly string[];
  readonly hasVersionList: boolean;
  /**
   * IANA names of the cipher suites. The list omits TLS_EMPTY_RENEGOTIATION_INFO_SCSV, which is a signal and not a
   * suite (RFC 5746 3.3).
   */
  readonly cipherSuites: readonly string[];
  /** The host in `server_name` (RFC 6066 3). Absent if the client sends none. */
  readonly serverName?: string;
  /** Groups in `supported_groups`. Absent if the client does not send the extension. */
  readonly groups?: readonly string[];
  /** Algorithms in `signature_algorithms`. Absent if the client does not send the extension. */
  readonly signatureAlgorithms?: readonly string[];
  /** Protocols of ALPN (RFC 7301). Absent if the client does not send the extension. */
  readonly alpn?: readonly string[];
  /** The limit of `max_fragment_length` in octets (RFC 6066 4). Absent if the client does not send the extension. */
  readonly maxFragmentLength?: number;
}

/** Parses the body of a ClientHello, without the four octets of type and length. */
export function parseClientHello(body: Buffer): Result<ClientHello> {
  try {
    return succeeded(read(new Octets(body)));
  } catch (error) {
    if (error instanceof Malformed) return failed('client-hello-malformed', error.message);
    throw error;
  }
}

function read(octets: Octets): ClientHello {
  const legacyVersion = octets.number(2, 'legacy_version');
  octets.take(32, 'random');
  octets.vector(1, 'legacy_session_id');
  const suites = octets.vector(2, 'cipher_suites').numbers('cipher_suites');
  octets.vector(1, 'legacy_compression_methods');
  const extensions = readExtensions(octets);
  octets.end('the ClientHello');
  const versions = extensions.get(supportedVersions)?.vector(1, 'supported_versions').numbers('supported_versions');
  return {
    versions: (versions ?? [legacyVersion]).map(versionName),
    hasVersionList: versions !== undefined,
    cipherSuites: suites.filter((suite) => suite !== emptyRenegotiationInfo).map(suiteText),
    ...defined({
      serverName: hostIn(extensions.get(0)),
      groups: namesIn(extensions.get(10), 'supported_groups', groupName),
      signatureAlgorithms: namesIn(extensions.get(13), 'signature_algorithms', signatureAlgorithmName),
      alpn: protocolsIn(extensions.get(16)),
      maxFragmentLength: fragmentLengthIn(extensions.get(1)),
    }),
  };
}

const emptyRenegotiationInfo = 0x00ff;
const supportedVersions = 43;

function readExtensions(octets: Octets): ReadonlyMap<number, Octets> {
  const extensions = new Map<number, Octets>();
  // TLS 1.2 clients may end the message before the extensions (RFC 5246 7.4.1.2).
  if (octets.isAtEnd) return extensions;
  const list = octets.vector(2, 'extensions');
  while (!list.isAtEnd) {
    const type = list.number(2, 'the type of an extension');
    if (extensions.has(type)) throw new Malformed(`extension ${type} appears twice (RFC 8446 4.2)`);
    extensions.set(type, list.vector(2, `extension ${type}`));
  }
  return extensions;
}

/** Returns the first host name of `server_name`. Names of other types do not exist (RFC 6066 3). */
function hostIn(extension: Octets | undefined): string | undefined {
  if (extension === undefined || extension.isAtEnd) return undefined;
  const list = extension.vector(2, 'server_name');
  while (!list.isAtEnd) {
    const type = list.number(1, 'the type of a server name');
    const name = list.vector(2, 'a server name').text();
    if (type === 0) return name;
  }
  return undefined;
}

function namesIn(
  extension: Octets | undefined,
  what: string,
  nameOf: (number: number) => string,
): readonly string[] | undefined {
  return extension?.vector(2, what).numbers(what).map(nameOf);
}

function protocolsIn(extension: Octets | undefined): readonly string[] | undefined {
  if (extension === undefined) return undefined;
  const list = extension.vector(2, 'application_layer_protocol_negotiation');
  const protocols: string[] = [];
  while (!list.isAtEnd) protocols.push(list.vector(1, 'a protocol name').text());
  return protocols;
}

function fragmentLengthIn(extension: Octets | undefined): number | undefined {
  if (extension === undefined) return undefined;
  return 2 ** (8 + extension.number(1, 'max_fragment_length'));
}

class Malformed extends Error {}

/** Reads numbers and vectors of TLS (RFC 8446 3.4). */
class Octets {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#buffer.length;
  }

  take(length: number, what: string): Buffer {
    const left = this.#buffer.length - this.#at;
    if (length > left) throw new Malformed(`${what} needs ${length} octets, found ${left}`);
    this.#at += length;
    return this.#buffer.subarray(this.#at - length, this.#at);
  }

  number(length: 1 | 2, what: string): number {
    return this.take(length, what).readUIntBE(0, length);
  }

  /** Reads a vector: first its length, which has `lengthOctets` octets, and then its content. */
  vector(lengthOctets: 1 | 2, what: string): Octets {
    return new Octets(this.take(this.number(lengthOctets, `the length of ${what}`), what));
  }

  /** Reads the rest as numbers of two octets. */
  numbers(what: string): readonly number[] {
    const numbers: number[] = [];
    while (!this.isAtEnd) numbers.push(this.number(2, `an entry of ${what}`));
    return numbers;
  }

  /** Returns the rest as text. Escapes octets that are not printable ASCII, so that the text is safe in logs. */
  text(): string {
    const rest = this.#buffer.subarray(this.#at);
    this.#at = this.#buffer.length;
    return rest
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
  }

  end(what: string): void {
    const left = this.#buffer.length - this.#at;
    if (left > 0) throw new Malformed(`expected no octets after ${what}, found ${left}`);
  }
}
