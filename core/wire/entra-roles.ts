/**
 * The built-in roles of Azure for the data of hubs and DPS, with the actions below `Microsoft.Devices` that each role
 * grants. An asterisk stands for any text. Sources: azure-docs `iot-hub-dev-guide-azure-ad-rbac`,
 * `concepts-control-access-dps-azure-ad`.
 */
const rolePermissions = {
  'IoT Hub Data Contributor': ['IotHubs/*'],
  'IoT Hub Data Reader': ['IotHubs/*/read', 'IotHubs/fileUpload/notifications/action'],
  'IoT Hub Registry Contributor': ['IotHubs/devices/*'],
  'IoT Hub Twin Contributor': ['IotHubs/twins/*'],
  'Device Provisioning Service Data Contributor': ['provisioningServices/*'],
  'Device Provisioning Service Data Reader': ['provisioningServices/*/read'],
} as const satisfies Record<string, readonly string[]>;

export type EntraRole = keyof typeof rolePermissions;

export const entraRoles = Object.keys(rolePermissions) as [EntraRole, ...EntraRole[]];

/** Returns true if one of the roles grants an action, such as `IotHubs/twins/read`. */
export function grantsAction(roles: readonly EntraRole[], action: string): boolean {
  return roles.some((role) => rolePermissions[role].some((pattern) => fits(action, pattern)));
}

function fits(action: string, pattern: string): boolean {
  const [before = '', after] = pattern.split('*', 2);
  if (after === undefined) return action === pattern;
  return action.length >= before.length + after.length && action.startsWith(before) && action.endsWith(after);
}
