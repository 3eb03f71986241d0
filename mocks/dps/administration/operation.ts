import { failedWith, type Result } from '../../../core/result.ts';
import type { AccessRight } from '../../../core/wire/access-right.ts';
import type { BearerToken } from '../../entra/bearer-token.ts';
import type { Problem } from '../../../core/wire/problems.ts';
import type { ProvisioningService } from '../service.ts';
import type { Reply } from './reply.ts';
import type { AdminRequest } from './request.ts';

/** An operation of the service API. */
export interface Operation {
  readonly right: AccessRight;
  /** Name of the enrollment or other entry that the operation changes or reads. The history records it. */
  readonly subject: string;
  /** Name of the operation. The history records it. */
  readonly about: string;
  /** `needed` requires a JSON body, `optional` allows an empty body, `none` ignores the body. */
  readonly body: 'needed' | 'optional' | 'none';
  run(request: AdminRequest): Reply;
}

/** A service API request as received, before authorization and validation. */
interface OperationCall extends Omit<AdminRequest, 'json' | 'trace'> {
  readonly token: string | undefined;
  /** The token of Entra ID; undefined if the client sent no such token. */
  readonly bearer: BearerToken | undefined;
  readonly host: string;
  /** Segments of the path, percent-decoded. */
  readonly path: readonly string[];
  /** Reads the body of the request. The service calls this function only for an authorized client. */
  readonly readJson: () => Result<unknown, Problem>;
}

/** Authorizes the client, then validates its request. The service records both checks as one decision. */
export function runOperation(service: ProvisioningService, operation: Operation, call: OperationCall): Reply {
  const { token, bearer, host, path, readJson, ifMatch, maxItemCount, continuation } = call;
  return service.decide(operation.subject, operation.about, (trace) => {
    const forbidden = service.accessPolicies.authorize({ token, bearer, host, path, right: operation.right }, trace);
    if (forbidden !== undefined) return failedWith(forbidden);
    const body = readJson();
    if (!body.ok) {
      trace.check('request-well-formed', false, 'a JSON body', body.failure.message);
      return body;
    }
    return operation.run({ json: body.value, ifMatch, maxItemCount, continuation, trace });
  });
}
