import type { App } from 'aws-cdk-lib/core';
import { finding } from './acknowledged';

/** A pack of rules, as far as the tests use it. */
interface RulePack {
  validateScope(scope: App): { readonly violations: Violation[] };
}

interface Violation {
  readonly ruleName: string;
  readonly violatingResources: { readonly constructPath: string }[];
}

type RulePackClass = new (scope: App) => RulePack;

/** The packs of cdk-nag that are run. Its types need a newer AWS CDK than the one that types are checked with. */
export const RULE_PACKS = [
  'AwsSolutionsChecks', 'HIPAASecurityChecks', 'NIST80053R4Checks', 'NIST80053R5Checks', 'PCIDSS321Checks', 'ServerlessChecks',
] as const;

export function rulePack(name: typeof RULE_PACKS[number], app: App): RulePack {
  return new (jest.requireActual<Record<string, RulePackClass>>('cdk-nag')[name])(app);
}

/** What all packs find in an app, acknowledged or not. */
export function findingsOf(app: App): string[] {
  // What constructs add at synthesis has to be there.
  app.synth();
  return RULE_PACKS.flatMap((name) => rulePack(name, app).validateScope(app).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => finding(ruleName, constructPath)),
    )
    .sort();
}
