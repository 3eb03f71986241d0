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

/** A CA certificate that was uploaded. */
export interface CaCertificate extends Stamp {
  readonly name: string;
  readonly certificate: Certificate;
  /** Whether its owner has proved to have the key, or vouched for it. */
  readonly isVerified: boolean;
  /** What a proof has to carry as its common name, until it has proved something. */
  readonly code?: { readonly text: string; readonly madeAt: Millis };
}

/** What the store of CA certificates needs of its world. */
export interface CaSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly fidelity: FidelitySettings;
}

/** As it is stored: the certificate as DER. */
type Saved = Omit<CaCertificate, 'certificate'> & { readonly der: Buffer };

/** CA certificates of the service by name, which is told apart with case. */
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

  /** Adds or replaces. A certificate that comes anew has to be proved anew. */
  upload(name: string, certificate: Buffer | string, isVerified: boolean, trace: DecisionTrace): Problem | undefined {
    if (!/^[A-Za-z0-9\-._]{1,64}$/.test(name)) return invalid(`"${name}" is no name of a certificate`);
    const read = parseCertificate(certificate);
    const isCa = read.ok && read.certificate.basicConstraints?.ca === true;
    const found = read.ok ? `${read.certificate.subject}${isCa ? '' : ', no CA'}` : read.problem;
    if (!trace.check('ca-certificate-valid', isCa, 'the certificate of a CA', found) || !read.ok) {
      return invalid(`the certificate of a CA is expected, found ${found}`);
    }
    const former = this.#held.get(name);
    if (former === undefined && this.#held.size >= caLimit) {
      return invalid(`the service keeps up to ${caLimit} CA certificates; delete one first`);
    }
    this.#put(name, { certificate: read.certificate, isVerified }, former);
    return undefined;
  }

  find(name: string): CaCertificate | undefined {
    return this.#held.get(name);
  }

  list(): readonly CaCertificate[] {
    return [...this.#held.values()];
  }

  /** Those whose owners have proved to have the keys. */
  verified(): readonly Certificate[] {
    return this.list().flatMap(({ isVerified, certificate }) => (isVerified ? [certificate] : []));
  }

  delete(name: string): boolean {
    return this.#held.delete(name);
  }

  /** Makes a fresh code; the former one is worth nothing any more. */
  makeCode(name: string): CaCertificate | undefined {
    const held = this.#held.get(name);
    if (held === undefined) return undefined;
    const { clock, random } = this.#settings;
    const code = { text: random.bytes(24).toString('hex').toUpperCase(), madeAt: clock.now() };
    return this.#put(name, { certificate: held.certificate, isVerified: held.isVerified, code }, held);
  }

  /** Proof of possession: a certificate whose common name is the code, signed with the key of the CA. */
  verify(held: CaCertificate, proof: Buffer | string, trace: DecisionTrace): Problem | undefined {
    const read = parseCertificate(proof);
    const found = read.ok ? (read.certificate.commonName ?? 'no common name') : read.problem;
    const code = this.#presentCode(held);
    const named = read.ok && code !== undefined && found === code;
    if (!trace.check('proof-code-matches', named, code ?? 'a code that was made and has not run out', found)) {
      return invalid(`the common name of the proof must be the present verification code, found ${found}`);
    }
    const signed = read.ok && isSignedBy(read.certificate, held.certificate);
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
  return read.ok ? { ...rest, certificate: read.certificate } : undefined;
}

const caLimit = 25;

/** Whether a CA is held and verified, in the words of a trace. */
export function traceVerified(held: CaCertificate | undefined, name: string, trace: DecisionTrace): boolean {
  if (!trace.check('ca-held', held !== undefined, name, held?.certificate.subject ?? 'none of that name')) return false;
  const found =
    held === undefined ? 'none' : held.isVerified ? 'verified' : `unverified since ${isoInstant(held.updatedAt)}`;
  return trace.check('ca-verified', held?.isVerified === true, 'verified', found);
}
