/** 1950-01-01T00:00:00Z in milliseconds: the first instant that a certificate can express (UTCTime, RFC 5280 4.1.2.5.1). */
export const firstInstant = -631_152_000_000;

/** 9999-12-31T23:59:59Z in milliseconds: the last instant that a certificate can express (RFC 5280 4.1.2.5). */
export const lastInstant = 253_402_300_799_000;

/**
 * 9899-12-31T23:59:59Z in milliseconds: the end of virtual time. A certificate that is issued at this instant can still be
 * valid for a hundred years.
 */
export const lastNow = 250_246_627_199_000;

/**
 * 2000-01-01T00:00:00Z and 2100-01-01T00:00:00Z in milliseconds: start and end of the validity of all server certificates of a
 * cloud.
 */
export const serverCertificateSpan = { notBefore: 946_684_800_000, notAfter: 4_102_444_800_000 } as const;

/**
 * Error for a scenario that needs an instant outside the calendar. The author must correct the scenario; the error is
 * not a bug of the program.
 */
export class OutsideCalendar extends Error {}

/** Checks that a certificate can express this validity (milliseconds). @throws OutsideCalendar if it cannot. */
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
        'a certificate would be valid before 1950, but a certificate cannot express earlier dates; change the clock that sets the date',
      );
    }
    // Certificates express time in whole seconds, so the last second counts completely.
    if (instant >= lastInstant + 1000) {
      throw new OutsideCalendar(
        'a certificate would be valid after 9999, but a certificate cannot express later dates; shorten its validity',
      );
    }
  }
}

/** @throws OutsideCalendar if `instant` is after the end of virtual time. */
export function mustBeReachable(instant: number): void {
  if (instant <= lastNow) return;
  throw new OutsideCalendar('the timeline passes the year 9899, the end of virtual time; shorten its durations');
}
