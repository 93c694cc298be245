import { type IRole, ManagedPolicy, Policy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IDependable } from 'constructs';
import { secretArnsOf } from '../../core/arn';
import { AROUND_ITEM, generatedNameLength } from '../../core/text-at-most';
import { deployedSize, deployedText } from '../../secret/private/deployed-size';
import { INLINE_QUOTA, MANAGED_POLICY_QUOTA } from '../../secret/private/full-reader';
import type { SecretRecord } from '../../secret/private/secret-record';

/** What is around the statements of a policy, and what an estimate may be short by. */
const MARGIN = 90;

/**
 * Policies of the role of a function of the user's: an inline one, and where that is full, managed ones. What a policy has stays
 * there as more is added.
 */
export class PoliciesOfFunction {
  private readonly managed: ManagedPolicy[] = [];
  private used = 0;

  constructor(private readonly scope: Construct, private readonly role: IRole, private readonly inline: Policy) {}

  /** What a schedule waits for. */
  get all(): IDependable[] {
    return [this.inline, ...this.managed];
  }

  /** Takes room of the newest policy, if it has as much. */
  take(length: number): boolean {
    const isTaken = this.used + length <= this.quota - MARGIN;
    this.used += isTaken ? length : 0;
    return isTaken;
  }

  /** Begins another policy: statements are added to that. */
  begin(): void {
    const number = this.managed.length + 1;
    const description = 'Further secrets that a function may rotate, and their keys';
    this.managed.push(new ManagedPolicy(this.scope, `Policy${number}`, { description, roles: [this.role] }));
    this.used = 0;
  }

  addStatements(statement: PolicyStatement): void {
    (this.managed.at(-1) ?? this.inline).addStatements(statement);
  }

  /** Inline policies of a role have one quota: what others have added so far is not ours. */
  private get quota(): number {
    const others = this.role.node.tryFindChild('DefaultPolicy');
    return this.managed.length > 0 ? MANAGED_POLICY_QUOTA
      : INLINE_QUOTA.role - (others instanceof Policy ? deployedSize(this.scope, others.document.toJSON()) : 0);
  }
}

/** A policy that knows whether a role has taken it: roles that accept none report nothing. */
export class AttachablePolicy extends Policy {
  isTaken = false;

  attachToRole(role: IRole): void {
    this.isTaken = true;
    super.attachToRole(role);
  }
}

/** What is assumed of a name of which nothing is known. */
const UNKNOWN_NAME = 80;
/** Characters that Secrets Manager puts after a name. */
const AFTER_NAME = 7;

/** Characters of the ARN of a secret in a list, at most. */
export function lengthOfArn(scope: Construct, { fixedName, secret }: SecretRecord): number {
  const resource = secret.node.defaultChild;
  const ofName = fixedName?.length ?? (resource instanceof CfnSecret ? generatedNameLength(resource) : UNKNOWN_NAME);
  return deployedText(scope, secretArnsOf(scope)).length + 1 + ofName + AFTER_NAME + AROUND_ITEM;
}

/** Characters of a statement, once it is deployed. */
export function sizeOf(scope: Construct, statement: PolicyStatement): number {
  return deployedSize(scope, statement.toStatementJson());
}
