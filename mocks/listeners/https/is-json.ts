import type { HttpRequest } from './http-api.ts';

/** Returns true if the body is JSON, by its content type or without one. */
export function isJson({ headers }: HttpRequest): boolean {
  const type = headers['content-type'];
  return type === undefined || /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}
