import type { StepKind } from './define-step.ts';
import { boardTest } from './factory/board-test.ts';
import { changeHubs } from './cloud/change-hubs.ts';
import { clearTpm } from './factory/clear-tpm.ts';
import { compareEkList } from './factory/compare-ek-list.ts';
import { connect } from './field/connect.ts';
import { copyTpm } from './factory/copy-tpm.ts';
import { crowdTpm } from './factory/crowd-tpm.ts';
import { deleteCa } from './cloud/delete-ca.ts';
import { deleteEnrollment } from './cloud/delete-enrollment.ts';
import { deliverEkList } from './factory/deliver-ek-list.ts';
import { drainClock } from './field/drain-clock.ts';
import { drill } from './attack/drill.ts';
import { enrollFromList } from './cloud/enroll-from-list.ts';
import { enroll } from './cloud/enroll.ts';
import { extractCertificate } from './factory/extract-certificate.ts';
import { extractEk } from './factory/extract-ek.ts';
import { flashConfig } from './factory/flash-config.ts';
import { flashTrust } from './factory/flash-trust.ts';
import { grantAccess } from './cloud/grant-access.ts';
import { flashImage } from './factory/flash-image.ts';
import { hostileSteps } from '../attacks/steps/index.ts';
import { hostile } from './attack/hostile.ts';
import { installFromBatch } from './factory/install-from-batch.ts';
import { installKey } from './factory/install-key.ts';
import { issueCertificate } from './factory/issue-certificate.ts';
import { orderBatchStep } from './factory/order-batch.ts';
import { lookForSignalsStep } from './cloud/look-for-signals.ts';
import { makerEnrolls } from './factory/maker-enrolls.ts';
import { packageDevice } from './factory/package.ts';
import { powerCut } from './field/power-cut.ts';
import { powerOff } from './field/power-off.ts';
import { powerOn } from './field/power-on.ts';
import { produceWith } from './factory/produce.ts';
import { provePossession } from './cloud/prove-possession.ts';
import { qualityCheck } from './factory/quality-check.ts';
import { reconcileAudit } from './cloud/reconcile-audit.ts';
import { rewriteAudit } from './factory/rewrite-audit.ts';
import { registerAgain } from './field/register.ts';
import { replaceServerRoot } from './cloud/replace-server-root.ts';
import { requestCertificateStep } from './factory/request-certificate.ts';
import { replaceTpm } from './field/replace-tpm.ts';
import { revokeAccess } from './cloud/revoke-access.ts';
import { reinstallFirmware } from './field/reinstall-firmware.ts';
import { returnDevice } from './field/return-device.ts';
import { replaceBoard } from './field/replace-board.ts';
import { replaceGroup } from './cloud/replace-group.ts';
import { rollEk } from './factory/roll-ek.ts';
import { rollKey } from './cloud/roll-key.ts';
import { runInField } from './field/run-in-field.ts';
import { disableEnrollment, enableEnrollment } from './cloud/set-enrollment-status.ts';
import { setGroupCa } from './cloud/set-group-ca.ts';
import { setHubIdentity } from './cloud/set-hub-identity.ts';
import { setHubLink } from './cloud/set-hub-link.ts';
import { setTpmPassword } from './factory/set-tpm-password.ts';
import { setWebhook } from './cloud/set-webhook.ts';
import { stayConnectedStep } from './field/stay-connected.ts';
import { stealKey } from './attack/steal-key.ts';
import { takeOwnership } from './factory/take-ownership.ts';
import { updateOverTheAir } from './field/update-over-the-air.ts';
import { uploadCa } from './cloud/upload-ca.ts';

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
