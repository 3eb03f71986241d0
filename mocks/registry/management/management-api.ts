import type { CloudOperator } from '../../../core/cloud/cloud-operator.ts';
import type { CaName, RegistryCa, RegistryFailure } from '../../../core/cloud/registry-operator.ts';
import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import { armProblemOf, armRefusal, type ArmProblem } from './arm-problem.ts';
import { armResources } from './arm-resources.ts';
import { armShapes, readArm } from './arm-shapes.ts';

/** The answer to a request that succeeded. */
interface ArmAnswer {
  readonly status: 200 | 201 | 204;
  readonly body?: object;
}

type ArmReply = Result<ArmAnswer, ArmProblem>;

/** An operation of the management API. */
export interface ArmOperation {
  /** Path of the resource below its namespace. The history records it. */
  readonly subject: string;
  readonly about: string;
  /** `needed` requires a JSON body, `optional` allows an empty body, `none` ignores the body. */
  readonly body: 'needed' | 'optional' | 'none';
  run(json: unknown): ArmReply | Promise<ArmReply>;
}

/** The operations of the operator that the API calls. */
export type ManagementOperator = Pick<CloudOperator, 'registry' | 'revokeCertificates'>;

/** The names in the path of a request below a namespace. */
interface Place {
  readonly operator: ManagementOperator;
  readonly namespace: string;
  /** Path of the namespace, with a slash at its start. */
  readonly parent: string;
  /** Names of the resources in the path. Omitted names are empty. */
  readonly name: string;
  readonly below: string;
}

/** Returns true if a path is in a namespace of the device registry. Upper and lower case in fixed words do not differ. */
export function isManagementPath(path: readonly string[]): boolean {
  const lower = path.map((word) => word.toLowerCase());
  const fixed = [lower[0], lower[2], lower[4], lower[5], lower[6]].join('/');
  return fixed === 'subscriptions/resourcegroups/providers/microsoft.deviceregistry/namespaces' && lower.length >= 8;
}

/** Finds the operation of a request: ARM `Microsoft.DeviceRegistry/namespaces`, 2026-11-01. @param path see `isManagementPath`. */
export function managementOperation(
  method: string,
  path: readonly string[],
  operator: ManagementOperator,
): Result<ArmOperation, ArmProblem> {
  const [kind = '', name = '', sub = '', below = '', ...more] = path.slice(8);
  const place = { operator, namespace: path[7] ?? '', parent: `/${path.slice(0, 8).join('/')}`, name, below };
  const shown = [kind, ...(name === '' ? [] : ['*']), ...(sub === '' ? [] : [sub]), ...(below === '' ? [] : ['*'])];
  const pattern = [...shown, ...more].join('/').toLowerCase();
  const route = routes[`${method} ${pattern}`];
  const subject = path.slice(7).join('/');
  if (route !== undefined) {
    const { body, run } = route;
    return succeeded({ subject, about: `${method} ${pattern}`, body, run: (json) => run(place, json) });
  }
  const methods = Object.keys(routes).filter((key) => key.split(' ')[1] === pattern);
  return methods.length > 0
    ? armRefusal(405, 'MethodNotAllowed', `Expected ${methods.map((key) => key.split(' ')[0]).join(' or ')}.`)
    : armRefusal(404, 'InvalidResourceType', `The lab has no resource ${subject}.`);
}

interface Route {
  readonly body: ArmOperation['body'];
  readonly run: (place: Place, json: unknown) => ArmReply | Promise<ArmReply>;
}

const route = (body: Route['body'], run: Route['run']): Route => ({ body, run });

const routes: Readonly<Record<string, Route>> = {
  'GET ': route('none', getNamespace),
  'GET certificateauthorities': route('none', async (place) => listOf((await casOf(place)).map((ca) => ca.shown))),
  'GET certificateauthorities/*': route('none', getCa),
  'PUT certificateauthorities/*': route('needed', putCa),
  'DELETE certificateauthorities/*': route('none', ({ operator, ...place }) =>
    done(operator.registry.deleteCertificateAuthority(caName(place))),
  ),
  'POST certificateauthorities/*/activate': route('needed', activate),
  'POST certificateauthorities/*/revokeandrotate': route('none', async ({ operator, ...place }) =>
    done(await operator.registry.revokeAndRotate(caName(place))),
  ),
  'GET certificateauthorities/*/certificatepolicies': route('none', ({ operator, parent, ...place }) =>
    listOf(operator.registry.policies(caName(place)).map((policy) => armResources.certificatePolicy(policy, parent))),
  ),
  'GET certificateauthorities/*/certificatepolicies/*': route('none', getPolicy),
  'PUT certificateauthorities/*/certificatepolicies/*': route('needed', putPolicy),
  'DELETE certificateauthorities/*/certificatepolicies/*': route('none', ({ operator, below, ...place }) =>
    done(operator.registry.deletePolicy({ ...caName(place), policy: below })),
  ),
  'GET credentials/*': route('none', getCredential),
  'PUT credentials/*': route('needed', putCredential),
  'DELETE credentials/*': route('none', ({ operator, namespace }) =>
    done(operator.registry.deleteCredential(namespace)),
  ),
  'POST credentials/*/synchronize': route('none', async ({ operator, namespace }) =>
    done(await operator.registry.synchronize(namespace)),
  ),
  'GET registrydevices': route('none', ({ operator, parent }) =>
    listOf(operator.registry.devices().map((device) => armResources.registryDevice(device, parent))),
  ),
  'GET registrydevices/*': route('none', getDevice),
  'PATCH registrydevices/*': route('needed', patchDevice),
  'POST registrydevices/*/revoke': route('optional', revokeDevice),
  'POST registrydevices/*/authenticationprofiles/*/revokecertificates': route('optional', revokeDevice),
};

async function getNamespace({ operator, namespace, parent }: Place): Promise<ArmReply> {
  const found = await operator.registry.certificateAuthorities(namespace);
  return found.length > 0 ? answered(armResources.namespace(parent)) : notFound(`The namespace ${namespace}`);
}

async function casOf({ operator, namespace, parent }: Place) {
  const all = await operator.registry.certificateAuthorities(namespace);
  const root = all.find(({ type }) => type === 'Root')?.certificateAuthority;
  return all.map((ca) => ({ ca, shown: armResources.certificateAuthority(ca, root, parent) }));
}

async function getCa(place: Place): Promise<ArmReply> {
  const found = (await casOf(place)).find(({ ca }) => ca.certificateAuthority === place.name);
  return found === undefined ? notFound(`The certificate authority ${place.name}`) : answered(found.shown);
}

async function putCa(place: Place, json: unknown): Promise<ArmReply> {
  const read = readArm(armShapes.certificateAuthority, json);
  if (!read.ok) return read;
  const { properties } = read.value;
  const { operator, parent, name } = place;
  const { registry } = operator;
  const all = await casOf(place);
  const former = all.find(({ ca }) => ca.certificateAuthority === name)?.ca;
  const issuer = properties.certificateAuthorityType === 'ICA' ? properties.issuer : undefined;
  if (
    former !== undefined &&
    (former.type !== properties.certificateAuthorityType || former.issuer !== issuer?.issuerType)
  )
    return armRefusal(
      409,
      'Conflict',
      `The type and the issuer of ${name} cannot change; delete ${name} first, then create it again.`,
    );
  // A PUT that changes nothing succeeds. It has an effect only for an external CA: it requests the next certificate.
  if (former !== undefined && former.issuer !== 'External') return getCa(place);
  if (issuer?.issuerType === 'Microsoft') {
    const root = all.find(({ ca }) => ca.type === 'Root')?.ca.certificateAuthority ?? '';
    const wanted = `${parent}/certificateAuthorities/${root}`.toLowerCase();
    if (root === '' || issuer.certificateAuthorityResourceId.toLowerCase() !== wanted)
      return armRefusal(
        400,
        'InvalidParameter',
        'certificateAuthorityResourceId must be the resource ID of the root of the namespace.',
      );
  }
  const made: Result<RegistryCa, RegistryFailure> =
    issuer === undefined
      ? await registry.createRoot(caName(place))
      : await registry.createIssuingCa(caName(place), issuer.issuerType);
  if (!made.ok) return failedWith(armProblemOf(made.failure));
  const shown = await getCa(place);
  return shown.ok ? succeeded({ ...shown.value, status: former === undefined ? 201 : 200 }) : shown;
}

async function activate({ operator, ...place }: Place, json: unknown): Promise<ArmReply> {
  const read = readArm(armShapes.activation, json);
  return read.ok ? done(await operator.registry.activate(caName(place), read.value.certificateChain)) : read;
}

function getPolicy({ operator, parent, below, ...place }: Place): ArmReply {
  const found = operator.registry.policies(caName(place)).find(({ policy }) => policy === below);
  return found === undefined
    ? notFound(`The certificate policy ${below}`)
    : answered(armResources.certificatePolicy(found, parent));
}

function putPolicy({ operator, parent, below, ...place }: Place, json: unknown): ArmReply {
  const read = readArm(armShapes.certificatePolicy, json);
  if (!read.ok) return read;
  const ca = caName(place);
  const isNew = !operator.registry.policies(ca).some(({ policy }) => policy === below);
  const { validityPeriodInDays } = read.value.properties.certificate;
  const put = operator.registry.putPolicy({ ...ca, policy: below }, validityPeriodInDays);
  if (!put.ok) return failedWith(armProblemOf(put.failure));
  return succeeded({ status: isNew ? 201 : 200, body: armResources.certificatePolicy(put.value, parent) });
}

async function rootOf({ operator, namespace }: Place): Promise<RegistryCa | undefined> {
  return (await operator.registry.certificateAuthorities(namespace)).find(({ type }) => type === 'Root');
}

async function getCredential(place: Place): Promise<ArmReply> {
  const root = await rootOf(place);
  return root === undefined || place.name !== 'default'
    ? notFound(`The credential ${place.name}`)
    : answered(armResources.credential(root, place.parent));
}

async function putCredential(place: Place, json: unknown): Promise<ArmReply> {
  const read = readArm(armShapes.credential, json);
  if (!read.ok) return read;
  if (place.name !== 'default') return armRefusal(400, 'InvalidParameter', 'The name of a credential must be default.');
  if ((await rootOf(place)) !== undefined) return getCredential(place);
  const { operator, namespace } = place;
  const made = await operator.registry.createRoot({ namespace, certificateAuthority: 'root' });
  if (!made.ok) return failedWith(armProblemOf(made.failure));
  return succeeded({ status: 201, body: armResources.credential(made.value, place.parent) });
}

function deviceOf({ operator, name }: Pick<Place, 'operator' | 'name'>) {
  return operator.registry.devices().find(({ deviceId }) => deviceId === name);
}

function getDevice(place: Place): ArmReply {
  const found = deviceOf(place);
  return found === undefined
    ? notFound(`The device ${place.name}`)
    : answered(armResources.registryDevice(found, place.parent));
}

function patchDevice(place: Place, json: unknown): ArmReply {
  const read = readArm(armShapes.devicePatch, json);
  if (!read.ok) return read;
  const isEnabled = read.value.properties.enablementState === 'Enabled';
  const set = place.operator.registry.setDeviceEnabled(place.name, isEnabled);
  return set.ok ? getDevice(place) : failedWith(armProblemOf(set.failure));
}

function revokeDevice(place: Place, json: unknown): ArmReply {
  const read = readArm(armShapes.revocation, json);
  if (!read.ok) return read;
  const revoked = place.operator.revokeCertificates(place.name, { disables: read.value.disable });
  return revoked.ok ? succeeded({ status: 204 }) : notFound(`The device ${place.name}`);
}

function caName({ namespace, name }: Pick<Place, 'namespace' | 'name'>): CaName {
  return { namespace, certificateAuthority: name };
}

function done(result: Result<unknown, RegistryFailure>): ArmReply {
  return result.ok ? succeeded({ status: 204 }) : failedWith(armProblemOf(result.failure));
}

function answered(body: object): ArmReply {
  return succeeded({ status: 200, body });
}

function listOf(value: readonly object[]): ArmReply {
  return answered({ value });
}

function notFound(what: string): Result<never, ArmProblem> {
  return armRefusal(404, 'ResourceNotFound', `${what} does not exist.`);
}
