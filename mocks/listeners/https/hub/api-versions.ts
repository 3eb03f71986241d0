/**
 * The api-versions that hubs accept over HTTPS. They are all versions that Microsoft's device and service SDKs have
 * ever sent (history of azure-iot-sdk-node and azure-iot-sdk-csharp), and the newest version from
 * azure-iot-cli-extension#891. The answers do not depend on the version.
 */
export const hubApiVersions: readonly string[] = [
  '2015-08-15-preview',
  '2016-02-03',
  '2016-04-25-preview',
  '2016-04-30',
  '2016-09-30-preview',
  '2016-11-14',
  '2017-06-30',
  '2017-11-08-preview',
  '2018-01-16',
  '2018-03-01-preview',
  '2018-04-01',
  '2018-06-30',
  '2018-08-30-preview',
  '2018-10-20-preview',
  '2019-03-30',
  '2019-07-01-preview',
  '2019-10-01',
  '2020-03-13',
  '2020-05-31-preview',
  '2020-09-30',
  '2021-04-12',
  '2024-03-31',
  '2025-08-01-preview',
  '2026-11-01-preview',
];
