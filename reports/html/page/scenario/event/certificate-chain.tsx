import { CertificateCard } from '../../certificate/certificate-card.tsx';
import type { CertificateSpan } from '../../../../../core/history/certificate-span.ts';
import { dayText } from '../../../../sentences/day-text.ts';
import { spanText } from '../../format/span.ts';

interface Settings {
  /** The certificates from the leaf to the root. */
  readonly certificates: readonly CertificateSpan[];
  readonly now: number;
  /** True if the fields of the certificates are visible from the start. */
  readonly isOpen?: boolean;
}

/**
 * A certificate chain from root to leaf. Each certificate has a bar for its validity period, on one scale, and a line shows the present
 * time.
 */
export function CertificateChain({ certificates, now, isOpen = false }: Settings) {
  const start = Math.min(now, ...certificates.map(({ notBefore }) => notBefore));
  // The scale ends at most five years after the present time. Otherwise a CA that is valid for a hundred years would make the bar of every
  // leaf invisible.
  const end = Math.max(now, ...certificates.map(({ notAfter }) => Math.min(notAfter, now + farAhead)));
  const share = (at: number): number => (100 * (Math.min(at, end) - start)) / Math.max(1, end - start);
  return (
    <section class="chain">
      <h4>Certificates</h4>
      <ol>
        {certificates.toReversed().map((one) => (
          <li key={`${one.subject} ${one.notBefore}`}>
            <p>
              <b>{one.subject}</b>{' '}
              <span class="second">{one.subject === one.issuer ? 'self-signed' : `signed by ${one.issuer}`}</span>
            </p>
            <div class="bar" aria-hidden="true">
              <span
                class={isValid(one, now) ? 'valid' : 'invalid'}
                style={{ left: `${share(one.notBefore)}%`, width: `${share(one.notAfter) - share(one.notBefore)}%` }}
              />
              <i style={{ left: `${share(now)}%` }} />
            </div>
            <p class="second">
              {dayText(one.notBefore)} to {dayText(one.notAfter)}
              {': '}
              <b class={isValid(one, now) ? 'good' : 'bad'}>{stateOf(one, now)}</b>
            </p>
            <CertificateCard span={one} isOpen={isOpen} />
          </li>
        ))}
      </ol>
    </section>
  );
}

const farAhead = 5 * 366 * 86_400_000;

function isValid({ notBefore, notAfter }: CertificateSpan, now: number): boolean {
  return notBefore <= now && now <= notAfter;
}

function stateOf({ notBefore, notAfter }: CertificateSpan, now: number): string {
  if (now < notBefore) return `valid in ${spanText(now, notBefore)}`;
  if (now > notAfter) return `expired ${spanText(notAfter, now)} ago`;
  return `${spanText(now, notAfter)} left`;
}
