import type { StepKind } from '../define-step.ts';
import { boardTest } from './board-test.ts';
import { changeHubs } from './change-hubs.ts';
import { clearTpm } from './clear-tpm.ts';
import { compareEkList } from './compare-ek-list.ts';
import { connect } from './connect.ts';
import { copyTpm } from './copy-tpm.ts';
import { crowdTpm } from './crowd-tpm.ts';
import { deleteCa } from './delete-ca.ts';
import { deleteEnrollment } from './delete-enrollment.ts';
import { deliverEkList } from './deliver-ek-list.ts';
import { drainClock } from './drain-clock.ts';
import { drill } from './drill.ts';
import { enrollFromList } from './enroll-from-list.ts';
import { enroll } from './enroll.ts';
import { extractCertificate } from './extract-certificate.ts';
import { extractEk } from './extract-ek.ts';
import { flashConfig } from './flash-config.ts';
import { flashTrust } from './flash-trust.ts';
import { grantAccess } from './grant-access.ts';
import { flashImage } from './flash-image.ts';
import { hostileSteps } from '../attacks/index.ts';
import { hostile } from './hostile.ts';
import { installFromBatch } from './install-from-batch.ts';
import { installKey } from './install-key.ts';
import { issueCertificate } from './issue-certificate.ts';
import { orderBatchStep } from './order-batch.ts';
import { lookForSignalsStep } from './look-for-signals.ts';
import { makerEnrolls } from './maker-enrolls.ts';
import { packageDevice } from './package.ts';
import { powerCut } from './power-cut.ts';
import { powerOff } from './power-off.ts';
import { powerOn } from './power-on.ts';
import { produceWith } from './produce.ts';
import { provePossession } from './prove-possession.ts';
import { qualityCheck } from './quality-check.ts';
import { reconcileAudit } from './reconcile-audit.ts';
import { rewriteAudit } from './rewrite-audit.ts';
import { registerAgain } from './register.ts';
import { replaceServerRoot } from './replace-server-root.ts';
import { requestCertificateStep } from './request-certificate.ts';
import { replaceTpm } from './replace-tpm.ts';
import { revokeAccess } from './revoke-access.ts';
import { reinstallFirmware } from './reinstall-firmware.ts';
import { returnDevice } from './return-device.ts';
import { replaceBoard } from './replace-board.ts';
import { replaceGroup } from './replace-group.ts';
import { rollEk } from './roll-ek.ts';
import { rollKey } from './roll-key.ts';
import { runInField } from './run-in-field.ts';
import { disableEnrollment, enableEnrollment } from './set-enrollment-status.ts';
import { setGroupCa } from './set-group-ca.ts';
import { setHubIdentity } from './set-hub-identity.ts';
import { setHubLink } from './set-hub-link.ts';
import { setTpmPassword } from './set-tpm-password.ts';
import { setWebhook } from './set-webhook.ts';
import { stayConnectedStep } from './stay-connected.ts';
import { stealKey } from './steal-key.ts';
import { takeOwnership } from './take-ownership.ts';
import { updateOverTheAir } from './update-over-the-air.ts';
import { uploadCa } from './upload-ca.ts';

/** In the order of a device's life. A new kind is a file and a line here; with a word for a device it works on a line too. */
const kinds: readonly StepKind[] = [
  uploadCa,
  provePossession,
  grantAccess,
  revokeAccess,
  deliverEkList,
  makerEnrolls,
  compareEkList,
  extractEk,
  takeOwnership,
  setTpmPassword,
  copyTpm,
  issueCertificate,
  orderBatchStep,
  installFromBatch,
  requestCertificateStep,
  extractCertificate,
  installKey,
  flashConfig,
  flashTrust,
  flashImage,
  boardTest,
  qualityCheck,
  enroll,
  enrollFromList,
  packageDevice,
  rewriteAudit,
  reconcileAudit,
  powerOn,
  powerOff,
  registerAgain,
  connect,
  stayConnectedStep,
  runInField,
  updateOverTheAir,
  drainClock,
  powerCut,
  rollEk,
  clearTpm,
  replaceTpm,
  crowdTpm,
  replaceBoard,
  disableEnrollment,
  enableEnrollment,
  deleteEnrollment,
  rollKey,
  replaceGroup,
  deleteCa,
  changeHubs,
  setGroupCa,
  setHubIdentity,
  setHubLink,
  setWebhook,
  replaceServerRoot,
  stealKey,
  ...hostileSteps.map(hostile),
  drill,
  lookForSignalsStep,
  returnDevice,
  reinstallFirmware,
];

/** Every kind of step. */
export const steps: readonly StepKind[] = [produceWith(kinds), ...kinds];
