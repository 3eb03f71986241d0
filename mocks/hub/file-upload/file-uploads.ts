import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import type { Clock, Millis } from '../../../core/time/clock.ts';
import { freshKey, type Random } from '../../../core/random.ts';
import { hubInstant } from '../hub-instant.ts';
import { hubProblems, saying, type HubProblem } from '../hub-problems.ts';
import { ServiceQueue } from '../service-side/service-queue.ts';
import { writeBlobSas, type StorageAccount } from './blob-sas.ts';
import { BlobStore } from './blob-store.ts';

/** The blob to which a device uploads a file, as the hub returns it to the device. */
export interface UploadTarget {
  readonly correlationId: string;
  readonly hostName: string;
  readonly containerName: string;
  readonly blobName: string;
  readonly sasToken: string;
}

/** The notification that tells the back end about an uploaded file. */
export interface FileNotification {
  readonly deviceId: string;
  readonly blobUri: string;
  readonly blobName: string;
  readonly lastUpdatedTime: string;
  readonly blobSizeInBytes: number;
  readonly enqueuedTimeUtc: string;
}

interface OpenUpload {
  readonly deviceId: string;
  readonly target: UploadTarget;
  readonly expiresAt: Millis;
}

/** The file uploads of a hub's devices, their storage account and their notifications. */
export class FileUploads {
  readonly account: StorageAccount;
  readonly containerName: string;
  readonly blobs: BlobStore;
  readonly notifications: ServiceQueue<FileNotification>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #open = new Map<string, OpenUpload>();

  constructor(host: string, clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    const label = host.split('.', 1)[0] ?? '';
    this.account = { name: label.replaceAll(/[^a-z0-9]/g, ''), key: freshKey(64) };
    this.containerName = `${label.replaceAll(/[^a-z0-9-]/g, '')}-uploads`;
    this.blobs = new BlobStore(clock, random);
    this.notifications = new ServiceQueue(clock, random, { batchLimit: 1, deliveryLimit: 100 });
  }

  /**
   * Starts an upload for a device.
   *
   * @param hostName host and port at which the device reaches the storage account.
   */
  start(deviceId: string, name: string, hostName: string): Result<UploadTarget, HubProblem> {
    const blobName = `${deviceId}/${name}`;
    if (name === '' || blobName.length > longestName) {
      const sentence = `blobName must have 1 to ${longestName} characters together with the device ID.`;
      return failedWith(saying(hubProblems.argumentInvalid, sentence));
    }
    const now = this.#clock.now();
    this.#forget(now);
    const active = [...this.#open.values()].filter((each) => each.deviceId === deviceId && each.expiresAt > now);
    if (active.length >= activeLimit) return failedWith(hubProblems.tooManyUploads);
    const expiresAt = now + lifeMs;
    const target: UploadTarget = {
      correlationId: Buffer.from(`${this.#random.uuid()}_${blobName}`).toString('base64'),
      hostName,
      containerName: this.containerName,
      blobName,
      sasToken: writeBlobSas(this.account, `${this.containerName}/${blobName}`, {
        resource: 'b',
        permissions: 'rw',
        expiresAt,
      }),
    };
    this.#open.set(target.correlationId, { deviceId, target, expiresAt });
    return succeeded(target);
  }

  /** Returns a path with a SAS with which a back end can list and read the uploads. The SAS is valid for a hundred years. */
  readableContainer(): string {
    const expiresAt = this.#clock.now() + 36_500 * dayMs;
    const grant = { resource: 'c', permissions: 'rl', expiresAt } as const;
    return `/${this.containerName}${writeBlobSas(this.account, this.containerName, grant)}`;
  }

  /** Finishes an upload. If the file exists, the back end gets a notification. */
  finish(deviceId: string, correlationId: string, isSuccess: boolean): HubProblem | undefined {
    const open = this.#open.get(correlationId);
    if (open === undefined || open.deviceId !== deviceId) return hubProblems.invalidCorrelationId;
    const now = this.#clock.now();
    if (open.expiresAt <= now) return hubProblems.expiredCorrelationId;
    const { blobName, hostName, containerName } = open.target;
    const blob = this.blobs.find(blobName);
    if (isSuccess && blob === undefined) {
      return saying(hubProblems.invalidCompletionStatus, `The blob '${blobName}' is not in the container.`);
    }
    this.#open.delete(correlationId);
    if (!isSuccess || blob === undefined) return undefined;
    this.notifications.add({
      deviceId,
      blobUri: `https://${hostName}/${containerName}/${encodeURI(blobName)}`,
      blobName,
      lastUpdatedTime: hubInstant(blob.lastModified).replace(/\.\d+Z$/, '+00:00'),
      blobSizeInBytes: blob.size,
      enqueuedTimeUtc: hubInstant(now),
    });
    return undefined;
  }

  /** Deletes an upload one day after its expiry. Until then the hub can report that the upload expired. */
  #forget(now: Millis): void {
    for (const [correlationId, { expiresAt }] of this.#open) {
      if (expiresAt + dayMs <= now) this.#open.delete(correlationId);
    }
    for (const correlationId of this.#open.keys()) {
      if (this.#open.size < openLimit) return;
      this.#open.delete(correlationId);
    }
  }
}

/** Documented limits: ten simultaneous uploads per device, and a SAS that is valid for one hour by default. */
const activeLimit = 10;
const lifeMs = 3_600_000;
const longestName = 1024;
const dayMs = 24 * 3_600_000;
const openLimit = 10_000;
