import { succeeded } from '../../../core/result.ts';
import { defined } from '../../../core/defined.ts';
import type { IndividualEnrollment, InitialTwin } from '../../../core/wire/enrollment.ts';
import type { GroupJson, IndividualJson } from './shape.ts';
import { unread, type Read } from './read.ts';

type Terms = Omit<IndividualEnrollment, 'registrationId' | 'deviceId' | 'attestation' | 'optionalDeviceInformation'>;

/** Reads the fields that individual enrollments and groups have in common. @param linkedHubs host names of the linked hubs. */
export function readTerms(json: IndividualJson | GroupJson, linkedHubs: readonly string[]): Read<Terms> {
  const hubs = readHubs(json, linkedHubs);
  if (!hubs.ok) return hubs;
  // The older field `iotHubHostName` means static allocation to that hub.
  const allocationPolicy = json.allocationPolicy ?? (json.iotHubHostName ? 'static' : undefined);
  const { reprovisionPolicy, capabilities, credentialPolicyName, customAllocationDefinition } = json;
  const { namespaceName, certificateAuthorityName, certificatePolicyName } = json;
  return succeeded({
    provisioningStatus: json.provisioningStatus ?? 'enabled',
    hubs: hubs.value,
    ...defined({ allocationPolicy }),
    ...(reprovisionPolicy
      ? {
          reprovisionPolicy: {
            updateHubAssignment: reprovisionPolicy.updateHubAssignment ?? true,
            migrateDeviceData: reprovisionPolicy.migrateDeviceData ?? true,
          },
        }
      : {}),
    ...(customAllocationDefinition ? { customAllocation: customAllocationDefinition } : {}),
    ...(json.initialTwin ? { initialTwin: readTwin(json.initialTwin) } : {}),
    ...(typeof capabilities?.iotEdge === 'boolean' ? { iotEdge: capabilities.iotEdge } : {}),
    ...(credentialPolicyName ? { credentialPolicyName } : {}),
    ...defined({
      namespaceName: namespaceName ?? undefined,
      certificateAuthorityName: certificateAuthorityName ?? undefined,
      certificatePolicyName: certificatePolicyName ?? undefined,
    }),
  });
}

function readHubs(json: IndividualJson | GroupJson, linkedHubs: readonly string[]): Read<readonly string[]> {
  const { iotHubHostName, iotHubs } = json;
  const named = iotHubs ?? [];
  if (iotHubHostName && named.length > 0 && !named.some((host) => isSame(host, iotHubHostName))) {
    return unread(`iotHubHostName: ${iotHubHostName} is not among iotHubs; add it, or omit iotHubHostName`);
  }
  const hubs: string[] = [];
  for (const host of named.length === 0 && iotHubHostName ? [iotHubHostName] : named) {
    const linked = linkedHubs.find((one) => isSame(one, host));
    if (linked === undefined) return unread(`iotHubs: ${host} is not linked to this service; name a linked hub`);
    hubs.push(linked);
  }
  return succeeded(hubs);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function readTwin({ tags, properties }: NonNullable<IndividualJson['initialTwin']>): InitialTwin {
  return {
    ...(tags ? { tags } : {}),
    ...(properties ? { properties: properties.desired ? { desired: properties.desired } : {} } : {}),
  };
}
