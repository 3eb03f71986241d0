import { expect, test } from 'vitest';
import { Random } from '../../../core/random.ts';
import { isBroken } from '../../../core/x509/rules/path-rule.ts';
import { verifyChain, type ChainRule } from '../../../core/x509/verify.ts';
import { chainKinds } from './oracle/chain-kinds.ts';
import { keyPool, mintChain, planChain } from './oracle/chain-plan.ts';

const pool = await keyPool();

/** For each disabled rule, the rule that then refuses the chain. If omitted, the chain passes. */
const next: Partial<Record<ChainRule, ChainRule>> = {
  // If a certificate of the chain is missing, the chain ends in an untrusted certificate.
  'chain-complete': 'chain-trusted',
  // The verification cannot continue with an unreadable certificate.
  'certificate-readable': 'certificate-readable',
};

const brokenKinds = Object.entries(chainKinds).flatMap(([kind, { verdict, shape, least = 0 }]) =>
  verdict === 'good' ? [] : [{ kind, rule: verdict, shape, least }],
);

test.each(brokenKinds)(
  '`verifyChain` judges a chain by the other rules if the violated rule $rule is disabled: $kind',
  async (of) => {
    const { kind, rule, shape, least } = of;
    const random = new Random(`isDisabled ${kind}`);
    const plan = planChain(random, pool, least);
    await shape(plan, random, pool);
    const chain = await mintChain(plan, random);
    const request = {
      leaf: chain.leaf.der,
      presented: chain.presented.map(({ der }) => der),
      anchors: chain.anchors.map(({ der }) => der),
      at: plan.at,
      purpose: plan.purpose,
      strict: plan.strict,
    };
    expect(verifyChain(request)).toMatchObject({ ok: false, rule });

    const verdict = verifyChain({ ...request, isDisabled: (other) => other === rule });
    expect(verdict.ok ? 'good' : verdict.rule).toBe(next[rule] ?? 'good');
    expect(verdict.steps.filter(isBroken)).toHaveLength(verdict.ok ? 0 : 1);
    if (next[rule] === rule) return;
    expect(verdict.steps.filter(({ disabled }) => disabled).map((step) => step.rule)).toEqual([rule]);
  },
);

test('`verifyChain` refuses an expired CA if `valid-now` is disabled for the leaf only', async () => {
  const random = new Random('both expired');
  const plan = planChain(random, pool, 0);
  for (const order of plan.orders) Object.assign(order, { notBefore: plan.at - 2e9, notAfter: plan.at - 1e9 });
  const chain = await mintChain(plan, random);
  const verdict = verifyChain({
    leaf: chain.leaf.der,
    presented: chain.presented.map(({ der }) => der),
    anchors: chain.anchors.map(({ der }) => der),
    at: plan.at,
    purpose: plan.purpose,
    isDisabled: (rule, depth) => rule === 'valid-now' && depth === 0,
  });
  expect(verdict).toMatchObject({ ok: false, rule: 'valid-now', depth: 1 });
});
