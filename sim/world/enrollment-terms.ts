import { defined } from '../../core/defined.ts';
import type { EnrollmentGroup } from '../../core/wire/enrollment.ts';
import type { AllocationWords } from '../scenario/words/allocation-words.ts';
import { hubHost } from './hub-host.ts';
import { StepProblem } from './step-problem.ts';
import type { WebhookStandIn } from './webhook-stand-in.ts';

type Terms = Pick<
  EnrollmentGroup,
  'allocationPolicy' | 'hubs' | 'reprovisionPolicy' | 'customAllocation' | 'initialTwin'
>;

/**
 * Returns the members of an enrollment that determine its hub and its initial twin.
 * @throws StepProblem if the allocation is custom and the scenario has no webhook.
 */
export function enrollmentTerms(webhook: Pick<WebhookStandIn, 'url'> | undefined, words: AllocationWords): Terms {
  const { allocation, reprovision, initialTwin, hubs = [] } = words;
  return {
    hubs: hubs.map(hubHost),
    ...defined({
      allocationPolicy: allocation,
      customAllocation: allocation === 'custom' ? webhookOf(webhook) : undefined,
      reprovisionPolicy: reprovision,
      initialTwin: initialTwin as Terms['initialTwin'],
    }),
  };
}

type PolicyNames = Pick<
  EnrollmentGroup,
  'credentialPolicyName' | 'namespaceName' | 'certificateAuthorityName' | 'certificatePolicyName'
>;

/** Returns the members of an enrollment that name the policy for issued certificates. */
export function certificatePolicyNames(words: CertificatePolicyWords): PolicyNames {
  const { credentialPolicy, namespaceName, certificateAuthorityName, certificatePolicyName } = words;
  return defined({
    credentialPolicyName: credentialPolicy,
    namespaceName,
    certificateAuthorityName,
    certificatePolicyName,
  });
}

/** The settings of an enrollment that name a certificate policy. */
interface CertificatePolicyWords {
  readonly credentialPolicy?: string | undefined;
  readonly namespaceName?: string | undefined;
  readonly certificateAuthorityName?: string | undefined;
  readonly certificatePolicyName?: string | undefined;
}

function webhookOf(webhook: Pick<WebhookStandIn, 'url'> | undefined): NonNullable<Terms['customAllocation']> {
  if (webhook === undefined) {
    throw new StepProblem(
      '`allocation: custom` needs a webhook, but the cloud has no webhook; add one under `cloud: webhook:`',
    );
  }
  return { webhookUrl: webhook.url, apiVersion: '2021-10-01' };
}
