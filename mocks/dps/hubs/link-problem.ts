import type { HubLink } from '../../../core/cloud/cloud-operator.ts';
import { isoInstant, type Clock } from '../../../core/time/clock.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';
import type { Random } from '../../../core/random.ts';

/** Returns the problem of an operation that needs a hub whose link has this condition; undefined if the link is healthy. */
export function linkProblem(link: HubLink, random: Random, clock: Clock): Problem | undefined {
  switch (link) {
    case 'healthy':
      return undefined;
    case 'unauthorized':
      return problems.hubUnauthorized;
    case 'unreachable':
      return problems.hubUnreachable;
    case 'stale-key':
      return { status: 401, errorCode: 401002, message: staleKeyMessage(random, clock) };
  }
}

/** Returns the message of the service, which contains the error of the hub as JSON inside JSON. */
function staleKeyMessage(random: Random, clock: Clock): string {
  const trackingId = `${random.bytes(16).toString('hex')}-TimeStamp:${isoInstant(clock.now())}`;
  const hubError = { errorCode: 401002, message: 'Unauthorized access', trackingId, info: null };
  return JSON.stringify({ Message: JSON.stringify(hubError), ExceptionMessage: '' });
}
