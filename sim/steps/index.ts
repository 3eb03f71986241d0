import type { StepKind } from './define-step.ts';
import { boardTestStep } from './factory/board-test.ts';
import { changeHubsStep } from './cloud/change-hubs.ts';
import { clearTpmStep } from './factory/clear-tpm.ts';
import { compareEkListStep } from './factory/compare-ek-list.ts';
import { clearStep } from './field/clear.ts';
import { connectStep } from './field/connect.ts';
import { copyTpmStep } from './factory/copy-tpm.ts';
import { crowdTpmStep } from './factory/crowd-tpm.ts';
import { deleteCaStep } from './cloud/delete-ca.ts';
import { deleteEnrollmentStep } from './cloud/delete-enrollment.ts';
import { deliverEkListStep } from './factory/deliver-ek-list.ts';
import { drainClockStep } from './field/drain-clock.ts';
import { drillStep } from './attack/drill.ts';
import { enrollFromListStep } from './cloud/enroll-from-list.ts';
import { enrollStep } from './cloud/enroll.ts';
import { extractCertificateStep } from './factory/extract-certificate.ts';
import { extractEkStep } from './factory/extract-ek.ts';
import { flashConfigStep } from './factory/flash-config.ts';
import { flashTrustStep } from './factory/flash-trust.ts';
import { grantAccessStep } from './cloud/grant-access.ts';
import { flashImageStep } from './factory/flash-image.ts';
import { hostileSteps } from '../attacks/steps/index.ts';
import { fromHostileStep } from './attack/from-hostile-step.ts';
import { installFromBatchStep } from './factory/install-from-batch.ts';
import { installKeyStep } from './factory/install-key.ts';
import { issueCertificateStep } from './factory/issue-certificate.ts';
import { orderBatchStep } from './factory/order-batch.ts';
import { lookForSignalsStep } from './cloud/look-for-signals.ts';
import { makerEnrollsStep } from './factory/maker-enrolls.ts';
import { packageStep } from './factory/package.ts';
import { powerCutStep } from './field/power-cut.ts';
import { powerOffStep } from './field/power-off.ts';
import { powerOnStep } from './field/power-on.ts';
import { createProduceStep } from './factory/produce.ts';
import { provePossessionStep } from './cloud/prove-possession.ts';
import { qualityCheckStep } from './factory/quality-check.ts';
import { reconcileAuditStep } from './cloud/reconcile-audit.ts';
import { rewriteAuditStep } from './factory/rewrite-audit.ts';
import { registerStep } from './field/register.ts';
import { changeTlsStep } from './cloud/change-tls.ts';
import { replaceServerRootStep } from './cloud/replace-server-root.ts';
import { requestCertificateStep } from './factory/request-certificate.ts';
import { replaceTpmStep } from './field/replace-tpm.ts';
import { revokeAccessStep } from './cloud/revoke-access.ts';
import { reinstallFirmwareStep } from './field/reinstall-firmware.ts';
import { returnDeviceStep } from './field/return-device.ts';
import { replaceBoardStep } from './field/replace-board.ts';
import { replaceGroupStep } from './cloud/replace-group.ts';
import { rollEkStep } from './factory/roll-ek.ts';
import { rollKeyStep } from './cloud/roll-key.ts';
import { runInFieldStep } from './field/run-in-field.ts';
import { disableEnrollmentStep, enableEnrollmentStep } from './cloud/set-enrollment-status.ts';
import { setGroupCaStep } from './cloud/set-group-ca.ts';
import { revokeCertificatesStep } from './cloud/revoke-certificates.ts';
import { setHubIdentityStep } from './cloud/set-hub-identity.ts';
import { setHubLinkStep } from './cloud/set-hub-link.ts';
import { maintainHubStep } from './cloud/maintain-hub.ts';
import { setTpmPasswordStep } from './factory/set-tpm-password.ts';
import { setWebhookStep } from './cloud/set-webhook.ts';
import { stayConnectedStep } from './field/stay-connected.ts';
import { stealKeyStep } from './attack/steal-key.ts';
import { takeOwnershipStep } from './factory/take-ownership.ts';
import { updateOverTheAirStep } from './field/update-over-the-air.ts';
import { uploadCaStep } from './cloud/upload-ca.ts';
import { createCertificateAuthorityStep } from './registry/create-certificate-authority.ts';
import { activateCertificateAuthorityStep } from './registry/activate-certificate-authority.ts';
import { createCertificatePolicyStep } from './registry/create-certificate-policy.ts';
import { syncCredentialsStep } from './registry/sync-credentials.ts';
import { rotateCertificateAuthorityStep } from './registry/rotate-certificate-authority.ts';
import { deleteCertificatePolicyStep } from './registry/delete-certificate-policy.ts';
import { removeSyncedCaStep } from './registry/remove-synced-ca.ts';
import { deleteCredentialStep } from './registry/delete-credential.ts';

/**
 * All kinds of steps except `produce`, in the order of a device's life. To add a kind, write a file and an entry here. A kind with an
 * argument `device` also works inside `produce`.
 */
const kinds: readonly StepKind[] = [
  uploadCaStep,
  provePossessionStep,
  createCertificateAuthorityStep,
  activateCertificateAuthorityStep,
  createCertificatePolicyStep,
  syncCredentialsStep,
  grantAccessStep,
  revokeAccessStep,
  deliverEkListStep,
  makerEnrollsStep,
  compareEkListStep,
  extractEkStep,
  takeOwnershipStep,
  setTpmPasswordStep,
  copyTpmStep,
  issueCertificateStep,
  orderBatchStep,
  installFromBatchStep,
  requestCertificateStep,
  extractCertificateStep,
  installKeyStep,
  flashConfigStep,
  flashTrustStep,
  flashImageStep,
  boardTestStep,
  qualityCheckStep,
  enrollStep,
  enrollFromListStep,
  packageStep,
  rewriteAuditStep,
  reconcileAuditStep,
  powerOnStep,
  powerOffStep,
  registerStep,
  clearStep,
  connectStep,
  stayConnectedStep,
  runInFieldStep,
  updateOverTheAirStep,
  drainClockStep,
  powerCutStep,
  rollEkStep,
  clearTpmStep,
  replaceTpmStep,
  crowdTpmStep,
  replaceBoardStep,
  disableEnrollmentStep,
  enableEnrollmentStep,
  deleteEnrollmentStep,
  rollKeyStep,
  replaceGroupStep,
  deleteCaStep,
  changeHubsStep,
  setGroupCaStep,
  revokeCertificatesStep,
  rotateCertificateAuthorityStep,
  deleteCertificatePolicyStep,
  removeSyncedCaStep,
  deleteCredentialStep,
  setHubIdentityStep,
  setHubLinkStep,
  maintainHubStep,
  setWebhookStep,
  replaceServerRootStep,
  changeTlsStep,
  stealKeyStep,
  ...hostileSteps.map(fromHostileStep),
  drillStep,
  lookForSignalsStep,
  returnDeviceStep,
  reinstallFirmwareStep,
];

/** Every kind of step, including `produce`. */
export const steps: readonly StepKind[] = [createProduceStep(kinds), ...kinds];
