import { defined } from '../../../core/defined.ts';
import type { Millis } from '../../../core/time/clock.ts';
import type { Admission } from '../admission.ts';
import { readIdentityName } from '../registry/identity-name.ts';
import type { HubMessage, Telemetry } from './hub-message.ts';

/** Adds sender and time to a message. Removes from the application properties those that only the hub uses. */
export function telemetryOf(
  { deviceId: name, generationId, method, scope }: Admission,
  message: HubMessage,
  now: Millis,
  modelId: string | undefined,
): Telemetry {
  const properties = new Map(message.properties);
  const take = (name: string): string | undefined => {
    const value = properties.get(name);
    properties.delete(name);
    return value;
  };
  const { deviceId, moduleId } = readIdentityName(name);
  return {
    ...message,
    ...defined({ moduleId, outputName: take('$.on') }),
    component: take('$.sub'),
    interfaceId: take('$.ifid'),
    modelId,
    properties,
    deviceId,
    generationId,
    authMethod: method,
    authScope: scope,
    enqueuedAt: now,
  };
}
