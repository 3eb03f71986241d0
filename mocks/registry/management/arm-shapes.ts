import { z } from 'zod';
import type { Result } from '../../../core/result.ts';
import { succeeded } from '../../../core/result.ts';
import { armRefusal, type ArmProblem } from './arm-problem.ts';

const tracked = {
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  location: z.string().optional(),
  /** Only an empty object is valid, because the lab stores no tags. */
  tags: z.strictObject({}).optional(),
  systemData: z.looseObject({}).optional(),
};

/** Properties that the service sets. A client may send them back, and the service ignores them. */
const readOnly = { uuid: z.string().optional(), provisioningState: z.string().optional() };

const caProperties = {
  ...readOnly,
  keyType: z.literal('ECC'),
  subject: z.string().optional(),
  validityNotBefore: z.string().optional(),
  validityNotAfter: z.string().optional(),
};

/**
 * The shapes of the request bodies of the management API (ARM `Microsoft.DeviceRegistry`, 2026-11-01). They reject
 * unknown members.
 */
export const armShapes = {
  certificateAuthority: z.strictObject({
    ...tracked,
    properties: z.discriminatedUnion('certificateAuthorityType', [
      z.strictObject({ ...caProperties, certificateAuthorityType: z.literal('Root') }),
      z.strictObject({
        ...caProperties,
        certificateAuthorityType: z.literal('ICA'),
        issuer: z.discriminatedUnion('issuerType', [
          z.strictObject({ issuerType: z.literal('Microsoft'), certificateAuthorityResourceId: z.string().min(1) }),
          z.strictObject({
            issuerType: z.literal('External'),
            certificateSigningRequest: z.string().optional(),
            thumbprint: z.string().optional(),
            status: z.string().optional(),
          }),
        ]),
      }),
    ]),
  }),
  activation: z.strictObject({
    certificateChain: z
      .string()
      .min(1)
      .max(64 * 1024),
  }),
  certificatePolicy: z.strictObject({
    ...tracked,
    properties: z.strictObject({
      ...readOnly,
      certificate: z.strictObject({ validityPeriodInDays: z.int() }),
    }),
  }),
  credential: z.strictObject({ ...tracked, properties: z.strictObject(readOnly).optional() }),
  revocation: z.strictObject({ disable: z.boolean().default(false) }).default({ disable: false }),
  devicePatch: z.strictObject({
    properties: z.strictObject({ enablementState: z.enum(['Enabled', 'Disabled']) }),
  }),
} as const;

/** Checks JSON against a shape. The message names the first field that does not match. */
export function readArm<Shape extends z.ZodType>(shape: Shape, json: unknown): Result<z.output<Shape>, ArmProblem> {
  const parsed = shape.safeParse(json);
  if (parsed.success) return succeeded(parsed.data);
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'the body';
  return armRefusal(400, 'InvalidRequestContent', `${field}: ${issue?.message ?? 'does not match the API'}`);
}
