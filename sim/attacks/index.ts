import type { Attack, HostileStep } from './define-attack.ts';
import { askVendorStep } from './steps/ask-vendor.ts';
import { clonedCertificateBatch } from './cloned-certificate-batch.ts';
import { clonedDevice } from './cloned-device.ts';
import { copiedEndorsementKey } from './copied-endorsement-key.ts';
import { copiedSoftwareTpm } from './copied-software-tpm.ts';
import { delegatedMakerAddsDevices } from './delegated-maker-adds-devices.ts';
import { disabledEnrollment } from './disabled-enrollment.ts';
import { expiredCertificate } from './expired-certificate.ts';
import { fakeService } from './fake-service.ts';
import { forgedChain } from './forged-chain.ts';
import { hubOwnerKey } from './hub-owner-key.ts';
import { impersonate } from './steps/impersonate.ts';
import { insiderWithPolicy } from './insider-with-policy.ts';
import { keyFromFlashImage } from './key-from-flash-image.ts';
import { keyFromKeyStore } from './key-from-key-store.ts';
import { leakedGroupKey } from './leaked-group-key.ts';
import { keyTriedEverywhere } from './key-tried-everywhere.ts';
import { leakedSharedKey } from './leaked-shared-key.ts';
import { logIn } from './steps/log-in.ts';
import { overProduction } from './over-production.ts';
import { plainMqtt } from './plain-mqtt.ts';
import { registrationFlood } from './registration-flood.ts';
import { rogueCa } from './rogue-ca.ts';
import { reProvisionedAway } from './re-provisioned-away.ts';
import { rolledEndorsementKey } from './rolled-endorsement-key.ts';
import { replayedChallenge } from './replayed-challenge.ts';
import { replayedToken } from './replayed-token.ts';
import { secondHandDevice } from './second-hand-device.ts';
import { sendRequest } from './steps/send-request.ts';
import { stolenIntermediateCa } from './stolen-intermediate-ca.ts';
import { stolenStation } from './stolen-station.ts';
import { strangersEndorsementKey } from './strangers-endorsement-key.ts';
import { swappedTpmBoard } from './swapped-tpm-board.ts';
import { visitHub } from './steps/visit-hub.ts';
import { webhookHijacked } from './webhook-hijacked.ts';
import { wrongIdScopeImage } from './wrong-id-scope-image.ts';

/** Every attack; a new one is a file and a line here. */
export const attacks: readonly Attack[] = [
  leakedSharedKey,
  leakedGroupKey,
  keyFromFlashImage,
  keyFromKeyStore,
  stolenStation,
  clonedCertificateBatch,
  overProduction,
  stolenIntermediateCa,
  wrongIdScopeImage,
  secondHandDevice,
  swappedTpmBoard,
  delegatedMakerAddsDevices,
  copiedSoftwareTpm,
  forgedChain,
  rogueCa,
  expiredCertificate,
  disabledEnrollment,
  registrationFlood,
  webhookHijacked,
  insiderWithPolicy,
  keyTriedEverywhere,
  replayedToken,
  copiedEndorsementKey,
  clonedDevice,
  fakeService,
  plainMqtt,
  reProvisionedAway,
  rolledEndorsementKey,
  replayedChallenge,
  strangersEndorsementKey,
  hubOwnerKey,
];

/** What belongs to no attack in particular. */
const everyAttackers: readonly HostileStep[] = [impersonate, sendRequest, logIn, visitHub, askVendorStep];

/** Every kind of step that only an attacker takes. */
export const hostileSteps: readonly HostileStep[] = [...everyAttackers, ...attacks.flatMap(({ steps = [] }) => steps)];
