import type { z } from 'zod';
import { peak } from './fleet/peak.ts';
import { throttled } from './fleet/throttled.ts';
import { assigned } from './registration/assigned.ts';
import { attempts } from './registration/attempts.ts';
import { deviceId } from './registration/device-id.ts';
import { errorCode } from './registration/error-code.ts';
import { hub } from './registration/hub.ts';
import { refused } from './registration/refused.ts';
import { substatus } from './registration/substatus.ts';
import { telemetry } from './registration/telemetry.ts';
import { within } from './registration/within.ts';
import { caught } from './step/caught.ts';
import { done } from './step/done.ts';
import { hurt } from './step/hurt.ts';
import { impersonated } from './step/impersonated.ts';
import { offTheBooks } from './step/off-the-books.ts';
import { outOfDps } from './step/out-of-dps.ts';
import { outOfHub } from './step/out-of-hub.ts';
import { overproduced } from './step/overproduced.ts';
import { rejected } from './step/rejected.ts';
import { scrapped } from './step/scrapped.ts';
import { scrappedButEnrolled } from './step/scrapped-but-enrolled.ts';
import { shipped } from './step/shipped.ts';
import { signals } from './step/signals.ts';
import { unaudited } from './step/unaudited.ts';

/** Every word of `expect:`, in the order in which the help and the guide list them. */
export const expectationWords = [
  assigned,
  refused,
  errorCode,
  hub,
  deviceId,
  substatus,
  telemetry,
  attempts,
  within,
  throttled,
  peak,
  done,
  signals,
  outOfDps,
  outOfHub,
  caught,
  shipped,
  scrapped,
  rejected,
  offTheBooks,
  overproduced,
  unaudited,
  scrappedButEnrolled,
  impersonated,
  hurt,
] as const;

type KnownWord = (typeof expectationWords)[number];

export type WordName = KnownWord['name'];

/** The values that a scenario author expects from a step. The expectation passes if every word in it passes. */
export type Expectation = {
  readonly [Word in KnownWord as Word['name']]?: z.output<Word['schema']>;
};
