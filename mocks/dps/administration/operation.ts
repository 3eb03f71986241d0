import type { AccessRight } from '../../../core/wire/access-right.ts';
import type { Problem } from '../../../core/wire/problems.ts';
import type { ProvisioningService } from '../service.ts';
import type { Reply } from './reply.ts';
import type { AdminRequest } from './request.ts';

/** An operation of the service API. */
export interface Operation {
  readonly right: AccessRight;
  /** For the history: the entry that the operation is about. */
  readonly subject: string;
  /** For the history: the name of the operation. */
  readonly about: string;
  /** Whether the body is JSON and has to be there. The body of a request with `none` is not read. */
  readonly body: 'needed' | 'optional' | 'none';
  run(request: AdminRequest): Reply;
}

/** A call of an operation as it came over the wire. */
interface OperationCall extends Omit<AdminRequest, 'json' | 'trace'> {
  readonly token: string | undefined;
  readonly host: string;
  /** Segments of the path, percent-decoded. */
  readonly path: readonly string[];
  /** Reads the body. Called only if the client is authorized. */
  readonly readJson: () => { readonly json: unknown } | { readonly problem: Problem };
}

/** Judges the client, then its request. Both are one decision of the service. */
export function runOperation(service: ProvisioningService, operation: Operation, call: OperationCall): Reply {
  const { token, host, path, readJson, ifMatch, maxItemCount, continuation } = call;
  return service.decide(operation.subject, operation.about, (trace) => {
    const forbidden = service.accessPolicies.authorize({ token, host, path, right: operation.right }, trace);
    if (forbidden !== undefined) return { problem: forbidden };
    const body = readJson();
    if ('problem' in body) {
      trace.check('request-well-formed', false, 'a JSON body', body.problem.message);
      return body;
    }
    return operation.run({ json: body.json, ifMatch, maxItemCount, continuation, trace });
  });
}
