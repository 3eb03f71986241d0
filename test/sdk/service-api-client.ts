import { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { ToLab } from './clients.ts';
import type { Lab } from './lab.ts';

/**
 * Creates the service client of the Node SDK with a policy key. The client always uses port 443 and the trusted roots of the computer.
 * So its REST client gets an agent that redirects it to the mock under the name of the service.
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

/**
 * Returns the next page of a query. The SDK continues a query only if the caller passes a callback; its promise returns the first page
 * again.
 */
export function nextPage<Item>(query: Query): Promise<Item[]> {
  return new Promise((resolve, reject) => {
    query.next((error?: Error, page?: unknown) => {
      if (error) reject(error);
      else resolve(page as Item[]);
    });
  });
}

/** Runs a bulk operation with a callback. Without a callback, the SDK never returns a result (`azure-iot-provisioning-service` 1.11.2). */
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
