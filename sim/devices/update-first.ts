import { textIn, valueIn } from '../../core/wire/value-in.ts';
import type { DpsConnection } from '../transports/dps-connection.ts';
import type { Network } from '../world/network.ts';
import { attestations } from './attestation/attestations.ts';
import type { Device } from './device.ts';
import { retryModes } from './retry.ts';

/**
 * Requests an update from DPS before the registration, installs it and reports the result (API version 2026-11-02-preview). If the service
 * offers no update or has an error, the device keeps its present firmware. The manifest may contain `device: {retry}`, which is the retry
 * mode of the new firmware.
 */
export async function updateFirst(
  device: Device,
  { registrationId, idScope }: { readonly registrationId: string; readonly idScope: string },
  connection: DpsConnection,
  network: Network,
): Promise<void> {
  if (connection.requestUpdates === undefined || connection.reportUpdate === undefined) return;
  const token = await attestations[device.attestation].dpsToken(device, `${idScope}/registrations/${registrationId}`);
  const asked = {
    agentInfo: { agentSdkVersion: '1.0.0', agentProfile: 1, compatibilityProperties: { model: device.name } },
    ...(device.installedUpdate === undefined ? {} : { installedUpdateId: device.installedUpdate }),
  };
  const answer = await connection.requestUpdates(asked, token);
  const metadata = answer.status === 200 ? valueIn(answer.body, 'updateMetadata') : undefined;
  const workflowId = textIn(metadata, 'workflowId');
  const manifest = manifestIn(textIn(metadata, 'updateManifest'));
  if (workflowId === undefined || manifest === undefined) return;
  const installed = installedFrom(manifest);
  if (installed !== undefined) device.installUpdate(installed.id, retryIn(manifest));
  const outcome =
    installed === undefined
      ? { outcome: 'FAILED', failureOrigin: 'DEVICE', resultCode: 0 }
      : { outcome: 'SUCCEEDED', failureOrigin: 'NOT_APPLICABLE', resultCode: 700 };
  await connection.reportUpdate(
    {
      workflowId,
      installResult: { ...outcome, extendedResultCodes: '' },
      ...(installed === undefined ? {} : { installedUpdateId: installed.id }),
    },
    token,
  );
  network.history.record({
    kind: 'wire',
    door: device.transport,
    from: device.name,
    to: device.name,
    message: installed === undefined ? 'the device cannot read the update' : `installs ${installed.sentence}`,
  });
}

function manifestIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function installedFrom(manifest: unknown) {
  const id = valueIn(manifest, 'updateId');
  const [provider, name, version] = [textIn(id, 'provider'), textIn(id, 'name'), textIn(id, 'version')];
  if (provider === undefined || name === undefined || version === undefined) return undefined;
  return { id: { provider, name, version }, sentence: `${provider} ${name} ${version}` };
}

function retryIn(manifest: unknown) {
  const retry = textIn(valueIn(manifest, 'device'), 'retry');
  return retryModes.find((mode) => mode === retry);
}
