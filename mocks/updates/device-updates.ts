import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import type { OfferedUpdate, UpdateControl, UpdateReport, UpdateScript } from '../../core/cloud/device-updates.ts';
import { defined } from '../../core/defined.ts';
import type { Random } from '../../core/random.ts';
import { failedWith, succeeded, type Result } from '../../core/result.ts';
import type { JsonObject } from '../../core/wire/enrollment.ts';
import { registrationKey } from '../../core/wire/registration-id.ts';
import type { UpdateCheck, UpdateReportBody } from './read-update-request.ts';

/** The kind of an update request: `onboarding` before the registration of the device, `software` after it. */
export type UpdateKind = 'onboarding' | 'software';

/**
 * An error of the update service. Clients branch on its text code. Not documented by Azure: the status of each code, and the codes except
 * `UPDATE_ACCOUNT_NOT_LINKED`, `UNKNOWN_WORKFLOW_ID` and `UNSUPPORTED_API_VERSION`.
 */
export interface UpdateError {
  readonly status: number;
  readonly code: string;
  readonly target: string;
}

/** An update that DPS has offered to a device, until the device reports that it has installed the update. */
interface Workflow {
  readonly workflowId: string;
  readonly registrationId: string;
  readonly kind: UpdateKind;
  readonly update: OfferedUpdate;
}

/**
 * The update service (Device Update) behind DPS. Its answers come from the `UpdateScript` that the operator sets. DPS passes the answers to
 * the devices and does not read the manifest. The program does not save its state.
 */
export class DeviceUpdates implements UpdateControl {
  readonly #random: Random;
  #script: UpdateScript | undefined;
  readonly #workflows = new Map<string, Workflow>();
  readonly #reports = new Map<string, UpdateReport>();
  /** ETag of the last agent information of each device. */
  readonly #agentInfo = new Map<string, string>();
  #key: KeyObject | undefined;

  constructor(random: Random, script: UpdateScript | undefined) {
    this.#random = random;
    this.#script = script;
  }

  setScript(script: UpdateScript | undefined): void {
    this.#script = script;
  }

  script(): UpdateScript | undefined {
    return this.#script;
  }

  reports(): readonly UpdateReport[] {
    return [...this.#reports.values()];
  }

  /** Answers a request for an update. The same update keeps its workflow ID until the device has installed it. */
  async check(registrationId: string, kind: UpdateKind, check: UpdateCheck): Promise<Result<JsonObject, UpdateError>> {
    const script = this.#script;
    const error = errorOf(script);
    if (script === undefined || error !== undefined) return failedWith(error ?? notLinked);
    const { agentInfo, agentInfoEtag, installedUpdateId } = check;
    const owner = registrationKey(registrationId);
    if (agentInfo !== undefined) this.#remember(owner, etagOf(agentInfo));
    else if (agentInfoEtag === undefined || this.#agentInfo.get(owner) !== agentInfoEtag)
      return failedWith({ status: 400, code: 'AGENT_INFO_REQUIRED', target: 'agentInfo' });
    const serviceConfiguration = { rootKeyDownloadUrl: script.rootKeyDownloadUrl ?? defaultRootKeys };
    const serviceConfigEtag = etagOf(serviceConfiguration);
    const update = script[kind];
    const isInstalled = update !== undefined && isDeepSame(installedUpdateId, update);
    const workflow = update === undefined || isInstalled ? undefined : this.#workflow(registrationId, kind, update);
    return succeeded({
      serviceConfigEtag,
      agentInfoEtag: this.#agentInfo.get(owner),
      ...defined({
        serviceConfiguration: check.serviceConfigEtag === serviceConfigEtag ? undefined : serviceConfiguration,
        updateMetadata: workflow === undefined ? undefined : await this.#metadata(workflow),
      }),
    });
  }

  /** Accepts a report. A second report of a workflow with the same outcome changes nothing. */
  report(registrationId: string, { workflowId, installResult }: UpdateReportBody): UpdateError | undefined {
    const error = errorOf(this.#script);
    if (error !== undefined) return error;
    const workflow = this.#workflows.get(workflowId);
    if (workflow === undefined || workflow.registrationId !== registrationKey(registrationId))
      return { status: 404, code: 'UNKNOWN_WORKFLOW_ID', target: 'workflowId' };
    const { outcome, resultCode, resultDetails } = installResult;
    // A later report of a workflow replaces the earlier one, but keeps its place in the order.
    this.#reports.set(workflowId, { registrationId, workflowId, outcome, resultCode, ...defined({ resultDetails }) });
    return undefined;
  }

  #remember(owner: string, etag: string): void {
    this.#agentInfo.delete(owner);
    this.#agentInfo.set(owner, etag);
    const [oldest] = this.#agentInfo.keys();
    if (this.#agentInfo.size > mostWorkflows && oldest !== undefined) this.#agentInfo.delete(oldest);
  }

  #workflow(registrationId: string, kind: UpdateKind, update: OfferedUpdate): Workflow {
    const owner = registrationKey(registrationId);
    const open = [...this.#workflows.values()].find(
      (each) => each.registrationId === owner && each.kind === kind && isDeepSame(each.update, update),
    );
    if (open !== undefined) return open;
    const workflow = { workflowId: this.#random.uuid(), registrationId: owner, kind, update };
    this.#workflows.set(workflow.workflowId, workflow);
    const [oldest] = this.#workflows.keys();
    if (this.#workflows.size > mostWorkflows && oldest !== undefined) {
      this.#workflows.delete(oldest);
      this.#reports.delete(oldest);
    }
    return workflow;
  }

  async #metadata({ workflowId, update }: Workflow): Promise<JsonObject> {
    const { provider, name, version, manifest, fileUrls } = update;
    const updateManifest = JSON.stringify({
      manifestVersion: '5',
      updateId: { provider, name, version },
      ...manifest,
    });
    this.#key ??= generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const sha256 = createHash('sha256').update(updateManifest).digest('base64');
    const updateManifestSignature = await new CompactSign(Buffer.from(JSON.stringify({ sha256 })))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(this.#key);
    return { workflowId, updateManifest, updateManifestSignature, fileUrls: fileUrls ?? {} };
  }
}

function errorOf(script: UpdateScript | undefined): UpdateError | undefined {
  if (script === undefined) return notLinked;
  return script.error === undefined ? undefined : { status: 400, code: script.error, target: 'updateAccount' };
}

function isDeepSame(one: Pick<OfferedUpdate, 'provider' | 'name' | 'version'> | undefined, other: OfferedUpdate) {
  return one?.provider === other.provider && one.name === other.name && one.version === other.version;
}

function etagOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}

const notLinked: UpdateError = { status: 400, code: 'UPDATE_ACCOUNT_NOT_LINKED', target: 'updateAccount' };
const defaultRootKeys = 'https://updates.rehearsal.example/rootkeys.json';
/** Maximum number of workflows. The limit bounds the memory of a lab that runs for weeks. */
const mostWorkflows = 10_000;
