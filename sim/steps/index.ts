import type { StepKind } from '../define-step.ts';
import { changeHubs } from './change-hubs.ts';
import { clearTpm } from './clear-tpm.ts';
import { connect } from './connect.ts';
import { deleteCa } from './delete-ca.ts';
import { deleteEnrollment } from './delete-enrollment.ts';
import { drainClock } from './drain-clock.ts';
import { enroll } from './enroll.ts';
import { extractCertificate } from './extract-certificate.ts';
import { extractEk } from './extract-ek.ts';
import { flashConfig } from './flash-config.ts';
import { flashTrust } from './flash-trust.ts';
import { impersonate } from './impersonate.ts';
import { installFromBatch } from './install-from-batch.ts';
import { installKey } from './install-key.ts';
import { issueCertificate } from './issue-certificate.ts';
import { orderBatchStep } from './order-batch.ts';
import { packageDevice } from './package.ts';
import { powerOff } from './power-off.ts';
import { powerOn } from './power-on.ts';
import { provePossession } from './prove-possession.ts';
import { registerAgain } from './register.ts';
import { replaceServerRoot } from './replace-server-root.ts';
import { requestCertificateStep } from './request-certificate.ts';
import { rollEk } from './roll-ek.ts';
import { runInField } from './run-in-field.ts';
import { disableEnrollment, enableEnrollment } from './set-enrollment-status.ts';
import { setGroupCa } from './set-group-ca.ts';
import { setHubIdentity } from './set-hub-identity.ts';
import { setHubLink } from './set-hub-link.ts';
import { setWebhook } from './set-webhook.ts';
import { stealKey } from './steal-key.ts';
import { takeOwnership } from './take-ownership.ts';
import { updateOverTheAir } from './update-over-the-air.ts';
import { uploadCa } from './upload-ca.ts';

/** Every kind of step, in the order of a device's life. A new one is a file and a line here. */
export const steps: readonly StepKind[] = [
  uploadCa,
  provePossession,
  extractEk,
  takeOwnership,
  issueCertificate,
  orderBatchStep,
  installFromBatch,
  requestCertificateStep,
  extractCertificate,
  installKey,
  flashConfig,
  flashTrust,
  enroll,
  packageDevice,
  powerOn,
  powerOff,
  registerAgain,
  connect,
  runInField,
  updateOverTheAir,
  drainClock,
  rollEk,
  clearTpm,
  disableEnrollment,
  enableEnrollment,
  deleteEnrollment,
  deleteCa,
  changeHubs,
  setGroupCa,
  setHubIdentity,
  setHubLink,
  setWebhook,
  replaceServerRoot,
  stealKey,
  impersonate,
];
