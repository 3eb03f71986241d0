import { checkFound } from './check-found.ts';
import { failedWith } from '../../../core/result.ts';
import { z } from 'zod';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { invalid, problems, type Problem } from '../../../core/wire/problems.ts';
import { readShape } from '../enrollment-json/read.ts';
import type { EnrollmentKind } from './enrollment-kind.ts';
import { store } from './enrollments.ts';
import { checkETag } from './precondition.ts';
import { replied, type Reply } from './reply.ts';
import type { AdminRequest } from './request.ts';

/**
 * Applies one operation to up to ten enrollments. If an enrollment has a problem, the answer lists the problem in
 * `errors`, and the operation still changes the other enrollments. The status is always 200.
 */
export function bulk<Entry>(
  kind: EnrollmentKind<Entry>,
  { json, trace }: AdminRequest,
  fidelity: FidelitySettings,
): Reply {
  const shape = readShape(operationShape, json);
  const list = !shape.ok ? undefined : shape.value[kind.listWord];
  const found = list === undefined ? `no ${kind.listWord}` : `${list.length} ${kind.listWord}`;
  const fits = list !== undefined && list.length > 0 && list.length <= bulkLimit;
  const expected = `a mode and 1 to ${bulkLimit} ${kind.listWord}`;
  if (!trace.check('request-well-formed', fits, expected, found) || !shape.ok || list === undefined) {
    return failedWith(shape.ok ? invalid(`expected ${expected}, found ${found}`) : shape.failure);
  }
  const errors = list.flatMap((item) => {
    const id = item[kind.idWord] ?? '';
    const problem = doOne(kind, shape.value.mode, id, item, { fidelity, trace });
    return problem === undefined
      ? []
      : [{ [kind.idWord]: id, errorCode: problem.errorCode, errorStatus: problem.message }];
  });
  return replied({ isSuccessful: errors.length === 0, errors });
}

function doOne<Entry>(
  kind: EnrollmentKind<Entry>,
  mode: Mode,
  id: string,
  item: { readonly etag?: string | null | undefined },
  { fidelity, trace }: { readonly fidelity: FidelitySettings; readonly trace: AdminRequest['trace'] },
): Problem | undefined {
  const former = kind.find(id);
  if (mode === 'create') {
    const absent = trace.check('resource-absent', former === undefined, id, former === undefined ? 'none' : 'one');
    return absent ? store(kind, id, item, undefined, fidelity, trace) : problems.enrollmentExists;
  }
  if (!checkFound(former, id, trace) || !former) {
    return problems.enrollmentNotFound;
  }
  if (mode === 'updateIfMatchETag' || mode === 'updateIfMatchEtag') {
    const conflict = checkETag(item.etag ?? '', former.etag, trace);
    if (conflict !== undefined) return conflict;
  }
  if (mode !== 'delete') return store(kind, id, item, former, fidelity, trace);
  kind.delete(id);
  return undefined;
}

const bulkLimit = 10;

/** The type declarations of the Node SDK contain the spelling `updateIfMatchEtag`. */
const modes = ['create', 'update', 'delete', 'updateIfMatchETag', 'updateIfMatchEtag'] as const;
type Mode = (typeof modes)[number];

const itemsShape = z
  .array(
    z.looseObject({
      registrationId: z.string().optional(),
      enrollmentGroupId: z.string().optional(),
      etag: z.string().nullish(),
    }),
  )
  .optional();

const operationShape = z.object({ mode: z.enum(modes), enrollments: itemsShape, enrollmentGroups: itemsShape });
