import { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { ToLab } from './clients.ts';
import type { Lab } from './lab.ts';

/**
 * Microsoft's service client of the owner. It always uses port 443 and the computer's own roots, so an agent, set on
 * its REST client, redirects it to the mock under the service's name.
 */
export function openServiceApi(lab: Lab, key = lab.cloud.serviceAccess.key): ProvisioningServiceClient {
  const { host, policyName } = lab.cloud.serviceAccess;
  const words = [`HostName=${host}`, `SharedAccessKeyName=${policyName}`, `SharedAccessKey=${key.toString('base64')}`];
  const client = ProvisioningServiceClient.fromConnectionString(words.join(';'));
  const { _restApiClient } = client as unknown as { _restApiClient: { setOptions(options: object): void } };
  _restApiClient.setOptions({ http: { agent: new ToLab(lab, lab.cloud.serviceAccess.host) } });
  return client;
}

type Query = ReturnType<ProvisioningServiceClient['createIndividualEnrollmentQuery']>;

/** Returns the next page of a query. The SDK continues a query only if it gets a callback: its promise starts at the first page. */
export function nextPage<Item>(query: Query): Promise<Item[]> {
  return new Promise((resolve, reject) => {
    query.next((error?: Error, page?: unknown) => {
      if (error) reject(error);
      else resolve(page as Item[]);
    });
  });
}

/** Runs a bulk operation. Without a callback the SDK never answers (`azure-iot-provisioning-service` 1.11.2). */
export function runBulk(
  client: ProvisioningServiceClient,
  ...[operation]: Parameters<ProvisioningServiceClient['runBulkEnrollmentOperation']>
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client.runBulkEnrollmentOperation(operation, (error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}
