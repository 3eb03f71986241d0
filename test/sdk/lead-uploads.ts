import { createRequire } from 'node:module';
import type device from 'azure-iot-device';
import { ToLab } from './clients.ts';
import { hub, type Lab } from './lab.ts';

type HttpClient = new () => { prepareRequest(request: object): Promise<object> };

/** What the SDK keeps of an upload beside its typed interface. */
interface HasBlobUploader {
  readonly _blobUploadClient: {
    setOptions(options: object): void;
    readonly _blobUploader: { storageApi: object };
  };
}

/** An agent leads file uploads of a client to the lab: the SDK takes port 443 of the hub and of the storage account for granted. */
export function leadUploads(client: device.Client, lab: Lab): void {
  const fromDevice = createRequire(createRequire(import.meta.url).resolve('azure-iot-device'));
  const fromStorage = createRequire(fromDevice.resolve('@azure/storage-blob'));
  const storage = fromDevice('@azure/storage-blob') as { newPipeline(credential: object, options: object): object };
  const { DefaultHttpClient } = fromStorage('@azure/core-http') as { DefaultHttpClient: HttpClient };
  const agent = new ToLab(lab, hub);
  class Led extends DefaultHttpClient {
    override async prepareRequest(request: object): Promise<object> {
      return { ...(await super.prepareRequest(request)), agent };
    }
  }
  const { _blobUploadClient: uploads } = client as unknown as HasBlobUploader;
  uploads.setOptions({ http: { agent } });
  uploads._blobUploader.storageApi = {
    ...storage,
    newPipeline: (credential: object, options: object) =>
      storage.newPipeline(credential, { ...options, httpClient: new Led() }),
  };
}
