/** The rights of shared access policies of DPS. */
export const accessRights = [
  'ServiceConfig',
  'EnrollmentRead',
  'EnrollmentWrite',
  'RegistrationStatusRead',
  'RegistrationStatusWrite',
] as const;

export type AccessRight = (typeof accessRights)[number];
