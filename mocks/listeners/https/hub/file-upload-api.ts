import { hubProblems, saying } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { parseJson } from '../../shared/parse-json.ts';

/** The API for file uploads of a device at its hub. The file itself goes to the blob endpoint. */
export const fileUploadApi = {
  /**
   * Starts an upload. The storage account gets the host and port that the device used for the hub, so it needs no separate host
   * name.
   */
  start: ({ hub, request, deviceId }: HubCall): HubReply => {
    const body = parseJson(request.body ?? Buffer.alloc(0))?.value;
    const blobName = isJsonObject(body) ? body['blobName'] : undefined;
    if (typeof blobName !== 'string')
      return { problem: saying(hubProblems.argumentInvalid, 'blobName must be a string.') };
    const target = hub.files.start(deviceId, blobName, request.headers['host'] ?? hub.host);
    return target.ok ? { status: 200, body: target.value, secret: true } : { problem: target.failure };
  },

  /** Finishes an upload. Older clients send the correlation ID in the path. */
  finish: ({ hub, request, deviceId }: HubCall): HubReply => {
    const body = parseJson(request.body ?? Buffer.alloc(0))?.value;
    if (!isJsonObject(body)) return { problem: hubProblems.formatError };
    const correlationId = request.path[4] ?? body['correlationId'];
    if (typeof correlationId !== 'string') return { problem: hubProblems.invalidCorrelationId };
    const isSuccess = body['isSuccess'];
    if (typeof isSuccess !== 'boolean') {
      return { problem: saying(hubProblems.invalidCompletionStatus, 'isSuccess must be true or false.') };
    }
    const problem = hub.files.finish(deviceId, correlationId, isSuccess);
    return problem === undefined ? { status: 204 } : { problem };
  },
} as const;
