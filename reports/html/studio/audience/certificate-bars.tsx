import type { CertificateSpan } from '../../../../core/history/certificate-span.ts';
import { dayText } from '../../../sentences/day-text.ts';
import { spanText } from '../../page/format/span.ts';

interface Settings {
  /** The certificate of each device, by its name. */
  readonly certificates: ReadonlyMap<string, CertificateSpan>;
  readonly now: number;
}

/** A bar for the certificate of each device. The bar gets shorter with virtual time, and is red after the expiry. */
export function CertificateBars({ certificates, now }: Settings) {
  if (certificates.size === 0) return null;
  const shown = [...certificates].slice(0, 3);
  return (
    <section class="drains" aria-label="Certificates">
      {shown.map(([device, { notBefore, notAfter }]) => {
        const left = Math.max(0, Math.min(1, (notAfter - now) / Math.max(1, notAfter - notBefore)));
        const isOver = now > notAfter;
        return (
          <div key={device} class={`drain ${isOver ? 'bad' : left < 0.25 ? 'low' : ''}`}>
            <p>
              Certificate of {device}:{' '}
              <b>{isOver ? `expired ${roughly(notAfter, now)} ago` : `${roughly(now, notAfter)} left`}</b>
            </p>
            <div class="drain-bar" aria-hidden="true">
              <span style={{ width: `${left * 100}%` }} />
            </div>
            <p class="drain-ends">
              <span>{dayText(notBefore)}</span>
              <span>{dayText(notAfter)}</span>
            </p>
          </div>
        );
      })}
      {certificates.size > shown.length && <p>and {certificates.size - shown.length} more certificates</p>}
    </section>
  );
}

/**
 * Returns a duration in its largest unit only, such as `2 months`, because a more exact duration would change while the audience reads it.
 */
function roughly(from: number, to: number): string {
  return spanText(from, to).split(' ').slice(0, 2).join(' ');
}
