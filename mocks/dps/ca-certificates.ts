import { isoInstant, type Clock, type Millis } from '../../core/time/clock.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import { addDuration } from '../../core/time/duration.ts';
import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import { invalid, type Problem } from '../../core/wire/problems.ts';
import type { Random } from '../../core/random.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import { parseCertificate, type Certificate } from '../../core/x509/certificate.ts';
import { isSignedBy } from '../../core/x509/signature.ts';
import type { Stamp } from './enrollments.ts';

/** An uploaded CA certificate. */
export interface CaCertificate extends Stamp {
  readonly name: string;
  readonly certificate: Certificate;
  /** True if the owner has proved possession of the key, or declared the certificate verified. */
  readonly isVerified: boolean;
  /**
   * The verification code, which must be the common name of the proof certificate. Absent if no verification is in
   * progress.
   */
  readonly code?: { readonly text: string; readonly madeAt: Millis };
}

/** The settings that the store of CA certificates uses. */
export interface CaSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly fidelity: FidelitySettings;
}

/** The form in which a CA certificate is saved: the certificate is in DER. */
type Saved = Omit<CaCertificate, 'certificate'> & { readonly der: Buffer };

/** The CA certificates of the service, by name. Names are case-sensitive. */
export class CaCertificates implements Store {
  readonly #held = new WatchedMap<CaCertificate>({ toSaved, fromSaved: (saved) => fromSaved(saved as Saved) });
  readonly parts = { certificates: this.#held };
  readonly #settings: CaSettings;

  constructor(settings: CaSettings) {
    this.#settings = settings;
  }

  save(): readonly Saved[] {
    return this.list().map(toSaved);
  }

  load(saved: readonly Saved[]): void {
    this.#held.clear();
    for (const one of saved) {
      const certificate = fromSaved(one);
      if (certificate !== undefined) this.#held.set(one.name, certificate);
    }
  }

  /** Adds or replaces a CA certificate. The owner must verify a replaced certificate again. */
  upload(name: string, certificate: Buffer | string, isVerified: boolean, trace: DecisionTrace): Problem | undefined {
    if (!/^[A-Za-z0-9\-._]{1,64}$/.test(name))
      return invalid(`"${name}" is not a valid certificate name: expected 1 to 64 letters, digits and - . _`);
    const read = parseCertificate(certificate);
    const isCa = read.ok && read.value.basicConstraints?.ca === true;
    const found = read.ok ? `${read.value.subject}${isCa ? '' : ', not a CA'}` : read.failure.sentence;
    if (!trace.check('ca-certificate-valid', isCa, 'a CA certificate', found) || !read.ok) {
      return invalid(`expected a CA certificate, found ${found}`);
    }
    const former = this.#held.get(name);
    if (former === undefined && this.#held.size >= caLimit) {
      return invalid(`the service stores up to ${caLimit} CA certificates; delete one first`);
    }
    this.#put(name, { certificate: read.value, isVerified }, former);
    return undefined;
  }

  find(name: string): CaCertificate | undefined {
    return this.#held.get(name);
  }

  list(): readonly CaCertificate[] {
    return [...this.#held.values()];
  }

  /** Returns the verified certificates. */
  verified(): readonly Certificate[] {
    return this.list().flatMap(({ isVerified, certificate }) => (isVerified ? [certificate] : []));
  }

  delete(name: string): boolean {
    return this.#held.delete(name);
  }

  /**
   * Creates a new verification code and makes the former code invalid. Returns undefined if the service has no certificate with
   * this name.
   */
  makeCode(name: string): CaCertificate | undefined {
    const held = this.#held.get(name);
    if (held === undefined) return undefined;
    const { clock, random } = this.#settings;
    const code = { text: random.bytes(24).toString('hex').toUpperCase(), madeAt: clock.now() };
    return this.#put(name, { certificate: held.certificate, isVerified: held.isVerified, code }, held);
  }

  /**
   * Verifies a proof of possession. The proof must have the verification code as its common name, and the CA must have
   * signed it.
   */
  verify(held: CaCertificate, proof: Buffer | string, trace: DecisionTrace): Problem | undefined {
    const read = parseCertificate(proof);
    const found = read.ok ? (read.value.commonName ?? 'no common name') : read.failure.sentence;
    const code = this.#presentCode(held);
    const named = read.ok && code !== undefined && found === code;
    if (!trace.check('proof-code-matches', named, code ?? 'a verification code that has not expired', found)) {
      return invalid(`the common name of the proof must be the current verification code, found ${found}`);
    }
    const signed = read.ok && isSignedBy(read.value, held.certificate);
    if (!trace.check('proof-signature-matches', signed, held.certificate.subject, signed ? 'its key' : 'another key')) {
      return invalid(`the proof is not signed with the key of ${held.certificate.subject}`);
    }
    this.#put(held.name, { certificate: held.certificate, isVerified: true }, held);
    return undefined;
  }

  #presentCode({ code }: CaCertificate): string | undefined {
    const { clock, fidelity } = this.#settings;
    if (code === undefined || fidelity.verificationCodeLife === 'unlimited') return code?.text;
    return clock.now() <= addDuration(code.madeAt, fidelity.verificationCodeLife) ? code.text : undefined;
  }

  #put(
    name: string,
    what: Pick<CaCertificate, 'certificate' | 'isVerified' | 'code'>,
    former: CaCertificate | undefined,
  ): CaCertificate {
    const { clock, random } = this.#settings;
    const now = clock.now();
    const etag = random.bytes(8).toString('base64');
    const held = { name, ...what, etag, createdAt: former?.createdAt ?? now, updatedAt: now };
    this.#held.set(name, held);
    return held;
  }
}

function toSaved({ certificate, ...rest }: CaCertificate): Saved {
  return { ...rest, der: certificate.der };
}

function fromSaved({ der, ...rest }: Saved): CaCertificate | undefined {
  const read = parseCertificate(der);
  return read.ok ? { ...rest, certificate: read.value } : undefined;
}

const caLimit = 25;

/** Records the checks `ca-held` and `ca-verified`. Returns true if both pass. */
export function traceVerified(held: CaCertificate | undefined, name: string, trace: DecisionTrace): boolean {
  if (!trace.check('ca-held', held !== undefined, name, held?.certificate.subject ?? 'no CA certificate of that name'))
    return false;
  const found =
    held === undefined ? 'none' : held.isVerified ? 'verified' : `unverified since ${isoInstant(held.updatedAt)}`;
  return trace.check('ca-verified', held?.isVerified === true, 'verified', found);
}
