import { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { ToLab } from './clients.ts';
import type { Lab } from './lab.ts';

/**
 * Microsoft's service client as its owner makes it. It insists on port 443 and on the computer's own roots: an agent, set on
 * its own REST client, leads it to the mock under the service's name.
 */
export function openServiceApi(lab: Lab, key = lab.cloud.serviceAccess.key): ProvisioningServiceClient {
  const { host, policyName } = lab.cloud.serviceAccess;
  const words = [`HostName=${host}`, `SharedAccessKeyName=${policyName}`, `SharedAccessKey=${key.toString('base64')}`];
  const client = ProvisioningServiceClient.fromConnectionString(words.join(';'));
  const { _restApiClient } = client as unknown as { _restApiClient: { setOptions(options: object): void } };
  _restApiClient.setOptions({ http: { agent: new ToLab(lab, lab.cloud.serviceAccess.host) } });
  return client;
}
