import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import type { TappedDpsRequest, WireTap } from '../../../core/cloud/wire-tap.ts';
import { defined } from '../../../core/defined.ts';
import type { EntraDirectory } from '../../entra/entra-directory.ts';
import type { DeviceRegistry } from '../../registry/device-registry.ts';
import type { ProvisionedHub } from '../../shared/provisioned-hub.ts';
import type { Answer } from '../answer.ts';
import type { Claim } from '../claim.ts';
import type { DeviceCall } from '../device-call.ts';
import { ProvisioningService } from '../service.ts';

/**
 * The provisioning service with a tap on its requests over AMQP. The tap of a connection can read MQTT packets and HTTP
 * requests itself, but not AMQP frames. So this class passes the requests to the tap.
 */
export class TappedService extends ProvisioningService {
  readonly #tap: WireTap;

  constructor(
    settings: CloudSettings,
    hubs: ReadonlyMap<string, ProvisionedHub>,
    registry: DeviceRegistry,
    entra: EntraDirectory,
    tap: WireTap,
  ) {
    super(settings, hubs, registry, entra);
    this.#tap = tap;
  }

  override async register(claim: Claim): Promise<Answer> {
    return this.#tapped(claim, { operation: 'register', body: claim.body }, await super.register(claim));
  }

  override async operationStatus(call: DeviceCall, operationId: string): Promise<Answer> {
    return this.#tapped(call, { operation: 'poll', operationId }, await super.operationStatus(call, operationId));
  }

  #tapped(
    { transport, registrationId, apiVersion, credentials }: DeviceCall,
    request: Pick<TappedDpsRequest, 'operation' | 'operationId' | 'body'>,
    answer: Answer,
  ): Answer {
    if (transport !== 'amqp' && transport !== 'amqp-ws') return answer;
    const { token } = credentials;
    const { status, body, retryAfterSeconds } = answer;
    const given = this.#tap.overAmqp(
      { ...request, registrationId, apiVersion, ...defined({ token }) },
      { status, body, ...defined({ retryAfterSeconds }) },
    );
    const { retryAfterSeconds: _former, ...rest } = answer;
    return {
      ...rest,
      status: given.status,
      body: given.body as Answer['body'],
      ...defined({ retryAfterSeconds: given.retryAfterSeconds }),
    };
  }
}
