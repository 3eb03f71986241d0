import { createHash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { isoInstant, parseInstant, type Clock, type Millis } from '../../core/time/clock.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import { addDuration } from '../../core/time/duration.ts';
import type { History } from '../../core/history/history.ts';
import { freshKey, type Random } from '../../core/random.ts';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { issueCertificate } from '../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { isRequestSigned } from '../../core/rules/is-request-signed.ts';
import { readSigningRequest } from '../../core/x509/signing-request.ts';
import { verifyChain } from '../../core/x509/verify.ts';
import type { CaSpec } from '../scenario/schema.ts';
import { freshHost, openThirdParty } from '../world/third-parties.ts';
import type { Authority } from './authority.ts';
import { ordersPath, type deliverySchema } from './batch.ts';
import { estPaths } from './est.ts';

/** Functions and settings that the CA of a vendor needs. */
export interface VendorSettings {
  readonly authority: Authority;
  readonly spec: CaSpec;
  readonly clock: Clock;
  readonly history: History;
  readonly random: Random;
}

/** HTTP response to a request for which the CA issues no certificate. */
type Refusal = { readonly status: number; readonly sentence: string; readonly retryAfterSeconds?: number };

/**
 * The CA of a vendor, as its customers see it. It issues single certificates over EST (RFC 7030), and many certificates at once for an
 * order. It has quotas, outages and mistakes. It answers under one host name until the run closes it.
 */
export class ThirdPartyPki {
  readonly origin: string;
  /** Password of the manufacturer's stations for this vendor (RFC 7617). Every run has a new password. */
  readonly authorization: string;
  readonly close: () => void;
  readonly #settings: VendorSettings;
  #issued = 0;
  /** Instants of the requests within the last minute. */
  #recent: readonly Millis[] = [];
  /** Instants from which a slow CA answers a request, by the hash of the request. */
  readonly #ready = new Map<string, Millis>();

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.authorization = `Basic ${Buffer.from(`station:${freshKey(16).toString('hex')}`).toString('base64')}`;
    const party = openThirdParty(freshHost('pki'), (request) => this.#respond(request));
    this.origin = party.origin;
    this.close = party.close;
  }

  async #respond(request: Request): Promise<Response> {
    const { outage } = this.#settings.spec;
    const now = this.#settings.clock.now();
    if (outage !== undefined && now >= (parseInstant(outage.from) ?? 0) && now < (parseInstant(outage.to) ?? 0))
      return Response.error();
    switch (`${request.method} ${new URL(request.url).pathname}`) {
      case `GET ${estPaths.cacerts}`:
        return pkcs7(this.#settings.authority.chain.map(({ der }) => der));
      case `POST ${estPaths.simpleenroll}`:
        return this.#certify(await request.text(), (name, trace) => this.#knowsStation(request, name, trace));
      case `POST ${estPaths.simplereenroll}`:
        return this.#certify(await request.text(), (name, trace) => this.#knowsDevice(request, name, trace));
      case `POST ${ordersPath}`:
        return this.#deliver(request);
      default:
        return refusal({ status: 404, sentence: 'no resource has this address' });
    }
  }

  /** Issues one certificate for the key in a certificate signing request. */
  async #certify(
    csr: string,
    authorise: (name: string, trace: DecisionTrace) => Refusal | undefined,
  ): Promise<Response> {
    // Base64 in EST may contain line breaks (RFC 4648 3.1, RFC 2045).
    const read = readSigningRequest(csr.replaceAll(/\s/g, ''));
    const name = read.ok ? (read.value.commonNames[0] ?? 'no common name') : 'unreadable';
    const trace = this.#settings.history.trace('pki', name, `certificate of ${this.#settings.authority.name}`);
    const refused = await this.#decide(trace, async () => {
      const found = read.ok ? 'one' : read.failure.sentence;
      if (!trace.check('csr-readable', read.ok, 'base64 of a PKCS #10 request in DER', found) || !read.ok)
        return { status: 400, sentence: 'the request cannot be read' };
      if (!(await isRequestSigned(read.value, trace)))
        return { status: 400, sentence: 'the request is not signed with its key' };
      return authorise(name, trace) ?? this.#admits(csr, trace);
    });
    if (refused !== undefined || !read.ok) return refusal(refused ?? { status: 400, sentence: 'unreadable' });
    return pkcs7([await this.#issue(name, read.value.publicKey)]);
  }

  async #deliver(request: Request): Promise<Response> {
    const body = await request.text();
    const names = readNames(body);
    const trace = this.#settings.history.trace(
      'pki',
      names?.join(', ') ?? 'an order',
      `order at ${this.#settings.authority.name}`,
    );
    const refused = await this.#decide(trace, async () => {
      if (names === undefined)
        return { status: 400, sentence: 'an order must be a JSON object with the member `names`' };
      return this.#knowsStation(request, names.join(', '), trace) ?? this.#admits(body, trace);
    });
    if (refused !== undefined || names === undefined)
      return refusal(refused ?? { status: 400, sentence: 'unreadable' });
    const certificates: z.output<typeof deliverySchema>['certificates'] = [];
    const { intermediates } = this.#settings.authority;
    // If the vendor does not check its quota, it delivers the whole order.
    for (const name of this.#left() > 0 ? names.slice(0, this.#left()) : names) {
      const keys = await generateKeyPair('P-256');
      const chain = [await this.#issue(name, keys.publicKey), ...intermediates.map(({ der }) => der)];
      const keyPem = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
      certificates.push({ name, chain: chain.map((der) => der.toString('base64')), keyPem });
    }
    return Response.json({ certificates });
  }

  /** Returns the number of certificates that the quota still allows. */
  #left(): number {
    return (this.#settings.spec.quota ?? Infinity) - this.#issued;
  }

  async #decide(trace: DecisionTrace, judge: () => Promise<Refusal | undefined>): Promise<Refusal | undefined> {
    const refused = await judge();
    this.#settings.history.record({ kind: 'decision', ...trace.decision() });
    return refused;
  }

  #knowsStation(request: Request, _name: string, trace: DecisionTrace): Refusal | undefined {
    const authorization = request.headers.get('Authorization');
    const found = authorization === null ? 'none' : authorization === this.authorization ? 'match' : 'another';
    return trace.check('pki-request-authorised', found === 'match', 'the password of a station', found)
      ? undefined
      : { status: 401, sentence: 'the station is unknown: its password is wrong or missing' };
  }

  #knowsDevice(request: Request, name: string, trace: DecisionTrace): Refusal | undefined {
    const { authority, spec, clock } = this.#settings;
    const header = /^:([A-Za-z0-9+/=]+):$/.exec(request.headers.get('Client-Cert') ?? '')?.[1] ?? '';
    const read = parseCertificate(Buffer.from(header, 'base64'));
    const now = clock.now();
    const root = authority.chain.at(-1);
    // The verification uses an instant at which the certificate was valid, because a separate check covers its expiry.
    const verdict = read.ok
      ? verifyChain({
          leaf: read.value,
          presented: authority.siblings.map(({ der }) => der),
          anchors: root === undefined ? [] : [root.der],
          at: Math.min(now, read.value.notAfter),
          purpose: 'clientAuth',
        })
      : undefined;
    const found = verdict === undefined ? 'none' : verdict.ok ? 'match' : verdict.sentence;
    const known = trace.check('pki-request-authorised', verdict?.ok === true, 'a certificate of this authority', found);
    if (!known || !read.ok) return { status: 401, sentence: 'this CA did not issue the certificate' };
    const { notAfter, commonName } = read.value;
    const fresh = now <= notAfter || spec.renewsExpired === true;
    const until = `not past ${isoInstant(notAfter)}`;
    if (!trace.check('pki-certificate-valid-now', fresh, until, isoInstant(now)))
      return { status: 403, sentence: 'the certificate has expired, and this CA renews only valid certificates' };
    // RFC 7030 4.2.2: the request must have the same subject as the certificate that it renews.
    return trace.check('pki-subject-unchanged', commonName === name, commonName ?? 'no common name', name)
      ? undefined
      : { status: 400, sentence: 'the request must have the name of the certificate that it renews' };
  }

  /** Checks the rate limit and the quota for one more request. */
  #admits(request: string, trace: DecisionTrace): Refusal | undefined {
    const { clock, spec } = this.#settings;
    const now = clock.now();
    this.#recent = [...this.#recent.filter((at) => at > now - minuteMs), now];
    const perMinute = spec.perMinute ?? Infinity;
    const count = `${this.#recent.length}`;
    if (!trace.check('pki-rate-kept', this.#recent.length <= perMinute, `at most ${perMinute} a minute`, count)) {
      this.#recent = this.#recent.slice(0, -1);
      const free = (this.#recent[0] ?? now) + minuteMs - now;
      return { status: 429, sentence: 'too many requests', retryAfterSeconds: Math.ceil(free / 1000) };
    }
    const left = this.#left();
    if (!trace.check('pki-quota-left', left > 0, 'one or more', String(left)))
      return { status: 403, sentence: 'the quota of paid certificates is used up' };
    if (spec.answers !== 'slow') return undefined;
    const key = createHash('sha256').update(request).digest('hex');
    const ready = this.#ready.get(key) ?? addDuration(now, spec.issueTime ?? 'PT6H');
    this.#ready.set(key, ready);
    return ready <= now ? undefined : { status: 202, sentence: '', retryAfterSeconds: Math.ceil((ready - now) / 1000) };
  }

  async #issue(name: string, publicKey: KeyObject): Promise<Buffer> {
    const { authority, spec, clock, random } = this.#settings;
    this.#issued++;
    const now = clock.now();
    const notBefore = now - (now % 1000);
    const { der } = await issueCertificate({
      // `wrong-subject`: a wrong setting at the vendor changes the subject of every certificate.
      subject: { commonName: spec.answers === 'wrong-subject' ? `${name}.customer` : name },
      publicKey,
      issuer: { certificate: authority.minted.certificate, keys: authority.minted.keys },
      notBefore,
      notAfter: addDuration(notBefore, spec.leafValidity ?? 'P1Y'),
      extendedKeyUsage: ['clientAuth'],
      serialNumber: random.bytes(16),
    });
    return der;
  }
}

const minuteMs = 60_000;

/** EST always uses base64 and ignores Content-Transfer-Encoding (RFC 7030 4.1.3 and 4.2.3). */
async function pkcs7(ders: readonly Buffer[]): Promise<Response> {
  const { writeCertsOnly } = await import('./certs-only.ts');
  const lines =
    writeCertsOnly(ders)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return new Response(`${lines.join('\r\n')}\r\n`, {
    headers: {
      'Content-Type': 'application/pkcs7-mime; smime-type=certs-only',
      'Content-Transfer-Encoding': 'base64',
    },
  });
}

function refusal({ status, sentence, retryAfterSeconds }: Refusal): Response {
  return new Response(sentence, {
    status,
    headers: {
      'Content-Type': 'text/plain',
      ...(status === 401 ? { 'WWW-Authenticate': 'Basic realm="est"' } : {}),
      ...defined({ 'Retry-After': retryAfterSeconds?.toString() }),
    },
  });
}

const orderSchema = z.object({ names: z.array(z.string().min(1)).max(10_000) });

function readNames(body: string): readonly string[] | undefined {
  try {
    return orderSchema.parse(JSON.parse(body)).names;
  } catch {
    return undefined;
  }
}
