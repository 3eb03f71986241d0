import type { HostileStep } from '../hostile-step.ts';
import { askVendorStep } from './ask-vendor.ts';
import { blastRadiusStep } from './blast-radius.ts';
import { claimEndorsementKeyStep } from './claim-endorsement-key.ts';
import { createAtHubStep } from './create-at-hub.ts';
import { enrollByPolicyStep } from './enroll-by-policy.ts';
import { enrollElsewhereStep } from './enroll-elsewhere.ts';
import { forgeCertificateStep } from './forge-certificate.ts';
import { impersonateStep } from './impersonate.ts';
import { impersonateServiceStep } from './impersonate-service.ts';
import { logInStep } from './log-in.ts';
import { replayTokenStep } from './replay-token.ts';
import { sendRequestStep } from './send-request.ts';
import { visitHubStep } from './visit-hub.ts';

/** All steps that attackers can do, in the order of `rehearse list steps`. */
export const hostileSteps: readonly HostileStep[] = [
  impersonateStep,
  sendRequestStep,
  logInStep,
  visitHubStep,
  askVendorStep,
  enrollElsewhereStep,
  forgeCertificateStep,
  enrollByPolicyStep,
  blastRadiusStep,
  replayTokenStep,
  claimEndorsementKeyStep,
  impersonateServiceStep,
  createAtHubStep,
];
