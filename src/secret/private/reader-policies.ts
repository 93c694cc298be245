import {
  type AddToPrincipalPolicyResult,
  type IGrantable,
  type IGroup,
  type IPrincipal,
  type IRole,
  type IUser,
  ManagedPolicy,
  type PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Lazy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { deployedSize, deployedText } from './deployed-size';
import { INLINE_QUOTA, MANAGED_POLICY_QUOTA, type ReaderKind, warnOfFullReader } from './full-reader';
import { ConflictError } from '../../core/errors';
import { AROUND_ITEM } from '../../core/text-at-most';

const ID = 'Secrets';
const CONTEXT = 'kms:EncryptionContext:SecretARN';

/** The AWS CDK divides what a role's own policy cannot hold between statements, so that none may be too large to move. */
const LARGEST_STATEMENT = 3000;

/** The rest is for grants of other constructs. */
const INLINE_SHARE = 0.6;

/** Estimates may be a little short: of a Region that is longer than all before, for example. */
const MARGIN = 100;

/** Where somebody else is to create the roles, statements are written down as they are when they are added. */
const CUSTOMIZED_ROLES = '@aws-cdk/iam:customizeRoles';

/** What a statement lists, and what it has in common with those that it can be merged with. */
interface Listed {
  readonly kind: string;
  readonly item: string;
  readonly isContext: boolean;
}

/** A statement that takes more. */
interface Growing {
  readonly statement: PolicyStatement;
  readonly result: AddToPrincipalPolicyResult;
  readonly contexts: string[];
  room: number;
}

/** The principal of a grant, whose statements are merged with those of earlier grants. */
export function asReader(grantee: IGrantable): IGrantable {
  const principal = grantee.grantPrincipal;
  if (!Construct.isConstruct(principal) || principal.node.tryGetContext(CUSTOMIZED_ROLES)) {
    return grantee;
  }
  const addToPrincipalPolicy = (statement: PolicyStatement) => ReaderPolicies.of(principal).add(statement);
  return { grantPrincipal: Object.create(principal, { addToPrincipalPolicy: { value: addToPrincipalPolicy } }) };
}

/**
 * What a principal may do with secrets: a statement for each permission and key, with a list that grows by every secret.
 *
 * The first are in the principal's own policy, the others in managed policies: IAM limits both, and the AWS CDK divides what is
 * too large for roles only that it makes. What a policy has stays there as more is added.
 */
class ReaderPolicies extends Construct {
  static of(principal: IPrincipal & Construct): ReaderPolicies {
    const existing = principal.node.tryFindChild(ID);
    if (existing && !(existing instanceof ReaderPolicies)) {
      throw new ConflictError(existing, `it is in the place where '${principal.node.path}' has what it may do with secrets`,
        'give it another id');
    }
    return existing ?? new ReaderPolicies(principal);
  }

  private readonly readerKind?: ReaderKind;
  private readonly growing = new Map<string, Growing>();
  private readonly results = new Map<string, AddToPrincipalPolicyResult>();
  private readonly managed: ManagedPolicy[] = [];
  private room: number;

  private constructor(private readonly principal: IPrincipal & Construct) {
    super(principal, ID);
    this.readerKind = readerKindOf(principal);
    this.room = this.readerKind ? INLINE_QUOTA[this.readerKind] * INLINE_SHARE : Infinity;
    if (this.readerKind) {
      warnOfFullReader(principal, this.readerKind);
    }
  }

  /** Allows what a statement about one resource, or one encryption context, allows: once, however often it is asked for. */
  add(statement: PolicyStatement): AddToPrincipalPolicyResult {
    // A change of it would change nothing any more.
    statement.freeze();
    const listed = listedIn(statement);
    const id = listed.kind + listed.item;
    const result = this.results.get(id) ?? this.extend(listed) ?? this.begin(listed, statement);
    this.results.set(id, result);
    return result;
  }

  private extend({ kind, item, isContext }: Listed): AddToPrincipalPolicyResult | undefined {
    const growing = this.growing.get(kind);
    const growth = deployedText(this, item).length + AROUND_ITEM;
    if (!growing || growing.statement.frozen || growth > Math.min(this.room, growing.room)) {
      return undefined;
    }
    this.room -= growth;
    growing.room -= growth;
    if (isContext) {
      growing.contexts.push(this.managed.length === 0 ? this.asLongAsDeployed(item) : item);
      growing.statement.addCondition('StringLike', { [CONTEXT]: [...growing.contexts] });
    } else {
      growing.statement.addResources(item);
    }
    return growing.result;
  }

  private begin({ kind, item }: Listed, given: PolicyStatement): AddToPrincipalPolicyResult {
    const size = deployedSize(this, given.toStatementJson()) + AROUND_ITEM;
    if (size > this.room) {
      this.managed.push(this.nextPolicy());
      this.room = MANAGED_POLICY_QUOTA - MARGIN;
      this.growing.clear();
    }
    const statement = given.copy();
    const result = this.addToLast(statement);
    if (!result.statementAdded) {
      return result;
    }
    this.room -= size;
    this.growing.set(kind, { statement, result, contexts: [item], room: LARGEST_STATEMENT - size });
    return result;
  }

  private addToLast(statement: PolicyStatement): AddToPrincipalPolicyResult {
    const policy = this.managed.at(-1);
    policy?.addStatements(statement);
    return policy ? { statementAdded: true, policyDependable: policy } : this.principal.addToPrincipalPolicy(statement);
  }

  /** The AWS CDK measures a condition of a role's own policy as its tokens are written: this one is as long as its value. */
  private asLongAsDeployed(text: string): string {
    return Token.isUnresolved(text) ? Lazy.string({ produce: () => text }, { displayHint: deployedText(this, text) }) : text;
  }

  private nextPolicy(): ManagedPolicy {
    const policy = new ManagedPolicy(this, `Policy${this.managed.length + 1}`, { description: 'Further permissions on secrets' });
    switch (this.readerKind!) {
      case 'role':
        policy.attachToRole(this.principal as IPrincipal as IRole);
        break;
      case 'user':
        policy.attachToUser(this.principal as IPrincipal as IUser);
        break;
      case 'group':
        policy.attachToGroup(this.principal as IPrincipal as IGroup);
        break;
    }
    return policy;
  }
}

/** Statements are alike where they differ in the resource only, or, about keys, in the encryption context only. */
function listedIn(statement: PolicyStatement): Listed {
  const { StringLike: patterns, ...others } = statement.conditions;
  const context: string | undefined = patterns?.[CONTEXT];
  const alike = context === undefined ? statement.conditions : [statement.resources, others];
  return {
    kind: JSON.stringify([statement.actions, alike]), item: context ?? statement.resources[0], isContext: context !== undefined,
  };
}

function readerKindOf(principal: Construct): ReaderKind | undefined {
  return 'roleName' in principal ? 'role' : 'userName' in principal ? 'user' : 'groupName' in principal ? 'group' : undefined;
}
