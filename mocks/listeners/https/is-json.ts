import type { HttpRequest } from './http-api.ts';

/** Whether the body is meant as JSON: by its content type, or by having none. */
export function isJson({ headers }: HttpRequest): boolean {
  const type = headers['content-type'];
  return type === undefined || /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}
