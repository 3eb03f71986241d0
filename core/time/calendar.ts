/** 1950-01-01T00:00:00Z in milliseconds: the first instant of certificates (UTCTime, RFC 5280 4.1.2.5.1). */
export const firstInstant = -631_152_000_000;

/** 9999-12-31T23:59:59Z in milliseconds: the last instant of certificates (RFC 5280 4.1.2.5). */
export const lastInstant = 253_402_300_799_000;

/** 9899-12-31T23:59:59Z in milliseconds: the end of virtual time. A certificate made then can be valid for a hundred years. */
export const lastNow = 250_246_627_199_000;

/** 2000-01-01T00:00:00Z and 2100-01-01T00:00:00Z in milliseconds: the validity of every server certificate of a cloud. */
export const serverCertificateSpan = { notBefore: 946_684_800_000, notAfter: 4_102_444_800_000 } as const;

/** A scenario needs an instant outside the calendar. This is a mistake of its author and not a bug. */
export class OutsideCalendar extends Error {}

/** Checks the validity (milliseconds) of a certificate. @throws OutsideCalendar if a certificate cannot express it. */
export function mustFitCertificate({
  notBefore,
  notAfter,
}: {
  readonly notBefore: number;
  readonly notAfter: number;
}): void {
  for (const instant of [notBefore, notAfter]) {
    if (instant < firstInstant) {
      throw new OutsideCalendar(
        'a certificate would be valid before 1950, but certificates start at 1950; change the clock that sets the date',
      );
    }
    // Certificates have whole seconds.
    if (instant >= lastInstant + 1000) {
      throw new OutsideCalendar(
        'a certificate would be valid after 9999, but certificates end with 9999; shorten its validity',
      );
    }
  }
}

/** @throws OutsideCalendar if `instant` is after the end of virtual time. */
export function mustBeReachable(instant: number): void {
  if (instant <= lastNow) return;
  throw new OutsideCalendar('the timeline passes the year 9899, the end of virtual time; shorten its durations');
}
