import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-secretsmanager';
import { type IResolveContext, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { fixedText } from './fixed-statement';
import { ConflictError } from '../../core/errors';
import { onceFor } from '../../core/once';

const MAXIMUM_LENGTH = 20_480;
/** Stands for a policy that refers to nothing, while the AWS CDK looks for references. */
const WITHOUT_REFERENCES = { Version: '2012-10-17' };

/** Properties of {@link SecretResourcePolicy}. */
export interface SecretResourcePolicyProps {
  readonly secretArn: string;
}

/**
 * The one resource policy of a secret: a second resource would overwrite the first.
 *
 * With the id `Policy` below the secret its logical id is that of a plain L2's policy. A policy without statements is no
 * resource.
 */
export class SecretResourcePolicy extends Construct {
  readonly document = new PolicyDocument();
  private readonly sids = new Set<string>();
  private readonly fixed: (string | undefined)[] = [];
  private rendered?: PolicyJson;

  constructor(scope: Construct, id: string, props: SecretResourcePolicyProps) {
    super(scope, id);
    new OptionalResourcePolicy(this, 'Resource', {
      secretId: props.secretArn,
      blockPublicPolicy: true,
      resourcePolicy: Lazy.uncachedAny({ produce: (context) => this.render(context) }),
    }, this.document);
    this.node.addValidation({ validate: () => this.document.validateForResourcePolicy() });
    this.node.addValidation({ validate: () => this.document.isEmpty ? [] : this.validateLength() });
  }

  /** Adds a statement. Whatever its `Resource`, it is about this secret and its replicas, which share the policy. */
  add(statement: PolicyStatement): void {
    const sid = statement.sid;
    if (sid !== undefined && this.sids.has(sid)) {
      throw new ConflictError(this, `the resource policy has a statement '${sid}' already, and a policy cannot have two`,
        'add it once, with all its values');
    }
    if (sid !== undefined) {
      this.sids.add(sid);
    }
    if (statement.resources.length + statement.notResources.length === 0) {
      statement.addAllResources();
    }
    this.fixed.push(fixedText(statement));
    this.document.addStatements(statement);
  }

  private render(context: IResolveContext): PolicyJson | typeof WITHOUT_REFERENCES {
    const fixed = this.fixedPolicy;
    if (fixed) {
      return context.preparing ? WITHOUT_REFERENCES : fixed;
    }
    return this.rendered = aboutThisSecret(context.resolve(this.document));
  }

  /** The policy, where others of the stack have it too and it refers to nothing: rendered once for all of them. */
  private get fixedPolicy(): PolicyJson | undefined {
    // Whoever has reached the document may have added to it.
    if (this.fixed.includes(undefined) || this.fixed.length !== this.document.statementCount) {
      return undefined;
    }
    const stack = Stack.of(this);
    const known = onceFor(stack, 'policies of fixed statements', () => new Map<string, PolicyJson>());
    const key = this.fixed.join();
    const policy = known.get(key) ?? aboutThisSecret(stack.resolve(this.document));
    known.set(key, policy);
    return policy;
  }

  private validateLength(): string[] {
    // The AWS CDK has rendered it before, to find references, and with more in their places than nothing.
    const known = this.fixedPolicy ?? this.rendered;
    if (known && JSON.stringify(known).length <= MAXIMUM_LENGTH) {
      return [];
    }
    const rendered = aboutThisSecret(Stack.of(this).resolve(this.document));
    const length = JSON.stringify(rendered, (_, value) => textOf(value)).length;
    return length <= MAXIMUM_LENGTH ? [] : [
      `the resource policy has ${length} characters, allowed: at most ${MAXIMUM_LENGTH}; name fewer principals, or grant at the `
        + 'identities instead of at the secret',
    ];
  }
}

interface PolicyJson {
  readonly Statement: { readonly NotResource?: unknown; readonly Resource?: unknown }[];
}

/** Whether a policy is ours and will not be made. */
export function isWithoutStatements(policy: CfnResourcePolicy): boolean {
  return policy instanceof OptionalResourcePolicy && policy.document.isEmpty;
}

class OptionalResourcePolicy extends CfnResourcePolicy {
  constructor(
    scope: Construct,
    id: string,
    props: ConstructorParameters<typeof CfnResourcePolicy>[2],
    readonly document: PolicyDocument,
  ) {
    super(scope, id, props);
  }

  protected override shouldSynthesize(): boolean {
    return !this.document.isEmpty;
  }
}

/**
 * Statements are completed after they are added (grants add conditions), so their resources are corrected in what is rendered.
 */
function aboutThisSecret(policy: PolicyJson): PolicyJson {
  return { ...policy, Statement: policy.Statement.map(({ NotResource: _, ...statement }) => ({ ...statement, Resource: '*' })) };
}

/** What only the deployment resolves counts as nothing: a policy that is refused is too long whatever the tokens resolve to. */
function textOf(value: unknown): unknown {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length !== 1) {
    return value;
  }
  const [[name, content]] = entries as [[string, unknown]];
  if (name === 'Fn::Join') {
    return (content as [string, unknown[]])[1].filter((part) => typeof part === 'string').join('');
  }
  return name === 'Ref' || name.startsWith('Fn::') ? '' : value;
}
