import { createRequire } from 'node:module';
import type device from 'azure-iot-device';
import { ToLab } from './clients.ts';
import { hub, type Lab } from './lab.ts';

type HttpClient = new () => { prepareRequest(request: object): Promise<object> };

/** Members of the SDK's upload client that its types do not declare. */
interface HasBlobUploader {
  readonly _blobUploadClient: {
    setOptions(options: object): void;
    readonly _blobUploader: { storageApi: object };
  };
}

interface Storage {
  readonly newPipeline: (credential: object, options: object) => object;
  readonly AnonymousCredential: new () => object;
  readonly ContainerClient: new (url: string, pipeline: object) => ContainerClient;
}

/** The part of the container client of the Azure storage SDK that tests use. */
interface ContainerClient {
  listBlobsFlat(): AsyncIterable<{ name: string; properties: { contentLength?: number } }>;
  getBlobClient(name: string): { downloadToBuffer(): Promise<Buffer> };
}

/**
 * Redirects the file uploads of a device client to the lab. The SDK always uses port 443 of the hub and of the storage account, so an
 * agent replaces the address.
 */
export function leadUploads(client: device.Client, lab: Lab): void {
  const { _blobUploadClient: uploads } = client as unknown as HasBlobUploader;
  uploads.setOptions({ http: { agent: new ToLab(lab, hub) } });
  uploads._blobUploader.storageApi = ledStorage(lab);
}

/** Creates a client of the Azure storage SDK for the container of uploaded files. */
export function openUploads(lab: Lab): ContainerClient {
  const { ContainerClient, AnonymousCredential, newPipeline } = ledStorage(lab);
  const url = `https://${hub}${lab.cloud.uploadContainers.get(hub) ?? ''}`;
  return new ContainerClient(url, newPipeline(new AnonymousCredential(), {}));
}

/** Loads the `@azure/storage-blob` that the device SDK depends on, and redirects it to the lab. */
function ledStorage(lab: Lab): Storage {
  const fromDevice = createRequire(createRequire(import.meta.url).resolve('azure-iot-device'));
  const fromStorage = createRequire(fromDevice.resolve('@azure/storage-blob'));
  const storage = fromDevice('@azure/storage-blob') as Storage;
  const { DefaultHttpClient } = fromStorage('@azure/core-http') as { DefaultHttpClient: HttpClient };
  const agent = new ToLab(lab, hub);
  class Led extends DefaultHttpClient {
    override async prepareRequest(request: object): Promise<object> {
      return { ...(await super.prepareRequest(request)), agent };
    }
  }
  return {
    ...storage,
    newPipeline: (credential, options) => storage.newPipeline(credential, { ...options, httpClient: new Led() }),
  };
}
