/** What a shared access policy may grant. */
export const accessRights = [
  'ServiceConfig',
  'EnrollmentRead',
  'EnrollmentWrite',
  'RegistrationStatusRead',
  'RegistrationStatusWrite',
] as const;

export type AccessRight = (typeof accessRights)[number];
