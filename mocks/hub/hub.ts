import type { Clock } from '../../core/clock.ts';
import { DecisionTrace } from '../../core/decision.ts';
import type { History } from '../../core/history.ts';
import { isAudience, isSignedWith, parseSas, sasToleranceMs } from '../../core/sas.ts';
import { isoInstant } from '../../core/clock.ts';
import { parseCertificate } from '../../core/x509/certificate.ts';
import type { Credentials } from '../dps/credentials.ts';
import { Identities, type Identity } from './identities.ts';
import { Twins } from './twins.ts';

/** One IoT hub: who may connect, and what they sent. Knows no sockets. */
export class Hub {
  readonly host: string;
  readonly identities = new Identities();
  readonly twins: Twins;
  readonly #clock: Clock;
  readonly #history: History;

  constructor(host: string, clock: Clock, history: History) {
    this.host = host;
    this.twins = new Twins(clock);
    this.#clock = clock;
    this.#history = history;
  }

  /** Whether the device may connect now. A missing device, a disabled one and a bad credential look alike outside. */
  admits(deviceId: string, credentials: Credentials): boolean {
    const trace = new DecisionTrace('hub', deviceId, `connection to ${this.host}`);
    const admitted = this.#judge(trace, deviceId, credentials);
    this.#history.record({ kind: 'decision', ...trace.decision() });
    return admitted;
  }

  #judge(trace: DecisionTrace, deviceId: string, credentials: Credentials): boolean {
    trace.check('hub-known', true, this.host, this.host);
    const identity = this.identities.find(deviceId);
    if (!trace.check('hub-identity-found', identity !== undefined, deviceId, identity?.deviceId ?? 'none'))
      return false;
    if (identity === undefined) return false;
    if (!trace.check('hub-identity-enabled', identity.status === 'enabled', 'enabled', identity.status)) return false;
    const shown =
      credentials.token !== undefined ? 'sas' : credentials.certificates.length > 0 ? 'selfSigned' : 'nothing';
    const wanted = identity.authentication.type;
    if (!trace.check('hub-credential-type-matches', shown === wanted, wanted, shown)) return false;
    return identity.authentication.type === 'sas'
      ? this.#judgeToken(trace, identity, credentials.token ?? '')
      : this.#judgeCertificate(trace, identity.authentication.primaryThumbprint, credentials.certificates[0]);
  }

  #judgeCertificate(trace: DecisionTrace, thumbprint: string, leaf: Buffer | undefined): boolean {
    const read = parseCertificate(leaf ?? Buffer.alloc(0));
    const found = read.ok ? read.certificate.thumbprintSha256 : 'unreadable';
    if (!trace.check('hub-thumbprint-matches', found === thumbprint, thumbprint, found) || !read.ok) return false;
    const { notBefore, notAfter } = read.certificate;
    const now = this.#clock.now();
    const span = `${isoInstant(notBefore)} to ${isoInstant(notAfter)}`;
    return trace.check('hub-certificate-valid-now', notBefore <= now && now <= notAfter, span, isoInstant(now));
  }

  #judgeToken(trace: DecisionTrace, identity: Identity, text: string): boolean {
    if (identity.authentication.type !== 'sas') return false;
    const resource = `${this.host}/devices/${identity.deviceId}`;
    const token = parseSas(text);
    const audienceFits = token !== undefined && isAudience(token.sr, resource);
    if (
      !trace.check(
        'hub-token-well-formed',
        audienceFits,
        `sr=${resource}`,
        token === undefined ? 'no token' : `sr=${token.sr}`,
      )
    ) {
      return false;
    }
    if (token === undefined) return false;
    const { primaryKey, secondaryKey } = identity.authentication;
    const signed = isSignedWith(token, primaryKey) || isSignedWith(token, secondaryKey);
    if (
      !trace.check(
        'hub-token-signature-matches',
        signed,
        "the identity's primary or secondary key",
        signed ? 'match' : 'another key',
      )
    ) {
      return false;
    }
    const expiry = token.se * 1000;
    const now = this.#clock.now();
    return trace.check(
      'hub-token-fresh',
      expiry + sasToleranceMs >= now,
      `not past ${isoInstant(expiry)} by 5 min`,
      isoInstant(now),
    );
  }
}
