import { CfnGroup, CfnManagedPolicy, CfnPolicy, CfnRole, CfnUser, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { deployedSize } from './deployed-size';
import { onceFor } from '../../core/once';
import { referencesIn } from '../../core/references';

/** Stable: users acknowledge the warning by this name. */
const FULL_READER = 'cdk-secretsmanager-patterns:fullReader';

/** The principals that have policies. */
export type ReaderKind = 'role' | 'user' | 'group';

/**
 * Characters of all inline policies together, without whitespace.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const INLINE_QUOTA: Readonly<Record<ReaderKind, number>> = { role: 10240, user: 2048, group: 5120 };

/** Characters of one managed policy, without whitespace. */
export const MANAGED_POLICY_QUOTA = 6144;

/** Managed policies of one principal, where nobody has had the quota raised. */
const MANAGED_POLICIES_QUOTA = 10;

/** How much of a quota is used when it is time to say so. */
const NEARLY = 0.9;

/** What the app attaches to a principal. */
interface Policies {
  readonly inline: unknown[];
  readonly managed: unknown[];
  /** Managed policies whose documents the app does not know. */
  named: number;
}

/** A resource with policies of its own. */
type Holder = CfnRole | CfnUser | CfnGroup;

/** Warns before IAM refuses a policy of a principal. What others attach to it is not known. */
export function warnOfFullReader(principal: Construct, kind: ReaderKind): void {
  principal.node.addValidation({
    validate: () => {
      const { inline, managed, named } = policiesOf(principal, kind);
      const sizeOf = (document: unknown) => sizeOfDocument(principal, document);
      const characters = inline.map(sizeOf).reduce((one, other) => one + other, 0);
      const largest = Math.max(0, ...managed.map(sizeOf));
      const count = managed.length + named;
      const isNearlyFull = characters > INLINE_QUOTA[kind] * NEARLY || count >= MANAGED_POLICIES_QUOTA * NEARLY;
      if (isNearlyFull || largest > MANAGED_POLICY_QUOTA) {
        // At the resource: the oldest AWS CDK looks for what was acknowledged above it only.
        Annotations.of(principal.node.defaultChild ?? principal).addWarningV2(FULL_READER, `the ${kind} '${principal.node.path}' `
          + `can hardly take another policy: it has ${count} of the ${MANAGED_POLICIES_QUOTA} managed policies of the default quota, `
          + `the largest of about ${largest} of ${MANAGED_POLICY_QUOTA} characters, and inline policies of about ${characters} of `
          + `${INLINE_QUOTA[kind]}; encrypt its secrets with one key, let it read all secrets of a platform with `
          + 'platform.grants.read(), or have the quota raised and acknowledge the warning');
      }
      return [];
    },
  });
}

function sizeOfDocument(scope: IConstruct, document: unknown): number {
  return deployedSize(scope, (document instanceof PolicyDocument ? document.toJSON() : document) ?? '');
}

function policiesOf(principal: Construct, kind: ReaderKind): Policies {
  const name = (principal as unknown as Readonly<Record<string, unknown>>)[`${kind}Name`];
  const known = policiesInStage(Stage.of(principal)!);
  return keysOf(principal, kind, name).map((key) => known.get(key)).find((policies) => policies)
    ?? { inline: [], managed: [], named: 0 };
}

/** One search for a stage. */
function policiesInStage(stage: Stage): Map<string, Policies> {
  return onceFor(stage, 'policies by principal', () => {
    const found = new Map<string, Policies>();
    const of = (key: string) => {
      const policies = found.get(key) ?? { inline: [], managed: [], named: 0 };
      found.set(key, policies);
      return policies;
    };
    for (const construct of stage.node.findAll()) {
      if (construct instanceof CfnPolicy) {
        holdersOf(construct).forEach((key) => of(key).inline.push(construct.policyDocument));
      } else if (construct instanceof CfnManagedPolicy) {
        holdersOf(construct).forEach((key) => of(key).managed.push(construct.policyDocument));
      } else if (isHolder(construct)) {
        const inline = [construct.policies ?? []].flat() as { readonly policyDocument?: unknown }[];
        of(construct.node.path).inline.push(...inline.map(({ policyDocument }) => policyDocument));
        of(construct.node.path).named += (Stack.of(construct).resolve(construct.managedPolicyArns) ?? []).length;
      }
    }
    return found;
  });
}

function isHolder(construct: IConstruct): construct is Holder {
  return construct instanceof CfnRole || construct instanceof CfnUser || construct instanceof CfnGroup;
}

function holdersOf(policy: CfnPolicy | CfnManagedPolicy): string[] {
  const { roles, users, groups } = policy;
  return [...keysOf(policy, 'role', roles), ...keysOf(policy, 'user', users), ...keysOf(policy, 'group', groups)];
}

/** The paths of resources of the app, and the names of imported ones. */
function keysOf(scope: IConstruct, kind: ReaderKind, names: unknown): string[] {
  const resources = new Set(referencesIn(scope, names).filter((target) => CfnResource.isCfnResource(target)));
  const literal = [Stack.of(scope).resolve(names)].flat().filter((name) => typeof name === 'string');
  const { account } = Stack.of(scope);
  return [...[...resources].map(({ node }) => node.path), ...literal.map((name) => JSON.stringify([kind, account, name]))];
}
