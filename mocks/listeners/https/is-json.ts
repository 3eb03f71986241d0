import type { HttpRequest } from './http-api.ts';

/** Returns true if the content type is JSON or missing. */
export function isJson({ headers }: HttpRequest): boolean {
  const type = headers['content-type'];
  return type === undefined || /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}
