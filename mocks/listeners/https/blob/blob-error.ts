import type { HttpAnswer } from '../http-api.ts';

/**
 * The refusals of Blob storage by error code, with the status and the message that the Blob service REST API documents.
 */
const errors = {
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  AuthorizationPermissionMismatch: [
    403,
    'This request is not authorized to perform this operation using this permission.',
  ],
  BlobNotFound: [404, 'The specified blob does not exist.'],
  ContainerNotFound: [404, 'The specified container does not exist.'],
  InvalidBlobOrBlock: [400, 'The specified blob or block content is invalid.'],
  InvalidBlockList: [400, 'The specified block list is invalid.'],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidInput: [400, 'One of the request inputs is not valid.'],
  InvalidQueryParameterValue: [400, 'Value for one of the query parameters specified in the request URI is invalid.'],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  InvalidXmlDocument: [400, 'XML specified is not syntactically valid.'],
  Md5Mismatch: [
    400,
    'The MD5 value specified in the request did not match with the MD5 value calculated by the server.',
  ],
  MissingContentLengthHeader: [411, 'Content-Length HTTP header is missing.'],
  RequestBodyTooLarge: [413, 'The request body is too large and exceeds the maximum permissible limit.'],
  UnsupportedHttpVerb: [405, 'The resource doesn’t support specified Http Verb.'],
} as const satisfies Record<string, readonly [number, string]>;

type BlobErrorCode = keyof typeof errors;

/**
 * Returns the answer for a refusal.
 *
 * @param detail explanation for this request.
 */
export function blobError(code: BlobErrorCode, detail?: string): Pick<HttpAnswer, 'status' | 'headers' | 'raw'> {
  const [status, message] = errors[code];
  const extra = detail === undefined ? '' : `<AuthenticationErrorDetail>${escaped(detail)}</AuthenticationErrorDetail>`;
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message>${extra}</Error>`;
  return {
    status,
    headers: { 'Content-Type': 'application/xml', 'x-ms-error-code': code },
    raw: Buffer.from(xml),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
