import type { HostileStep } from '../hostile-step.ts';
import { askVendorStep } from './ask-vendor.ts';
import { blastRadius } from './blast-radius.ts';
import { claimEndorsementKey } from './claim-endorsement-key.ts';
import { createAtHub } from './create-at-hub.ts';
import { enrollByPolicy } from './enroll-by-policy.ts';
import { enrollElsewhere } from './enroll-elsewhere.ts';
import { forgeCertificate } from './forge-certificate.ts';
import { impersonate } from './impersonate.ts';
import { impersonateService } from './impersonate-service.ts';
import { logIn } from './log-in.ts';
import { replayToken } from './replay-token.ts';
import { sendRequest } from './send-request.ts';
import { visitHub } from './visit-hub.ts';

/** Every kind of step that only an attacker takes, in the order of `rehearse list steps`. */
export const hostileSteps: readonly HostileStep[] = [
  impersonate,
  sendRequest,
  logIn,
  visitHub,
  askVendorStep,
  enrollElsewhere,
  forgeCertificate,
  enrollByPolicy,
  blastRadius,
  replayToken,
  claimEndorsementKey,
  impersonateService,
  createAtHub,
];
