/** 1950-01-01T00:00:00Z in milliseconds: the first instant that a certificate can say (UTCTime, RFC 5280 4.1.2.5.1). */
export const firstInstant = -631_152_000_000;

/** 9999-12-31T23:59:59Z in milliseconds: the last instant that a certificate can say (RFC 5280 4.1.2.5). */
export const lastInstant = 253_402_300_799_000;

/** 9899-12-31T23:59:59Z in milliseconds: where virtual time ends. What is made by then may be valid for a hundred years. */
export const lastNow = 250_246_627_199_000;

/** 2000-01-01T00:00:00Z and 2100-01-01T00:00:00Z in milliseconds: the validity of every server certificate of a cloud. */
export const serverCertificateSpan = { notBefore: 946_684_800_000, notAfter: 4_102_444_800_000 } as const;

/** A scenario asks for a time that no certificate can say: a mistake of its author and no fault of ours. */
export class OutsideCalendar extends Error {}

/** @throws OutsideCalendar if a certificate cannot say both instants (milliseconds). */
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
        'a certificate would be valid before 1950, which it cannot say; change the clock that dates it',
      );
    }
    // A certificate says whole seconds.
    if (instant >= lastInstant + 1000) {
      throw new OutsideCalendar('a certificate would be valid after 9999, which it cannot say; shorten its validity');
    }
  }
}

/** @throws OutsideCalendar if virtual time would go on past its end. */
export function mustBeReachable(instant: number): void {
  if (instant <= lastNow) return;
  throw new OutsideCalendar(
    'the timeline would go on past the year 9899, where virtual time ends; shorten its durations',
  );
}
