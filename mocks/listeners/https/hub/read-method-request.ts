import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import type { MethodRequest } from '../../../hub/method-calls.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';

/** Reads the JSON of a direct method call: name, payload and timeouts in seconds. */
export function readMethodRequest(value: unknown): Result<MethodRequest, HubProblem> {
  const methodName = isJsonObject(value) ? value['methodName'] : undefined;
  if (!isJsonObject(value) || typeof methodName !== 'string' || !methodNameShape.test(methodName)) {
    return failedWith(
      saying(hubProblems.argumentInvalid, 'methodName must be a string of 1 to 100 ASCII characters without spaces.'),
    );
  }
  const connect = secondsIn(value['connectTimeoutInSeconds'], 0, 0);
  const response = secondsIn(value['responseTimeoutInSeconds'], 5, 30);
  if (connect === undefined || response === undefined) {
    return failedWith(
      saying(
        hubProblems.argumentInvalid,
        'responseTimeoutInSeconds must be a whole number from 5 to 300, connectTimeoutInSeconds from 0 to 300.',
      ),
    );
  }
  return succeeded({
    methodName,
    payload: value['payload'] ?? null,
    connectMs: connect * 1000,
    responseMs: response * 1000,
  });
}

function secondsIn(value: unknown, least: number, absent: number): number | undefined {
  if (value === undefined || value === null) return absent;
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 300 ? value : undefined;
}

const methodNameShape = /^[\w.!$%&'*^`|~:@;=()-]{1,100}$/;
