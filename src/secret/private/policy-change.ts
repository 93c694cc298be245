import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Token } from 'aws-cdk-lib/core';
import { propertyOf } from '../../core/template-property';

/** What changes where a resource policy gets statements that it lacks. */
export interface PolicyChange {
  /** The change, for people to read. */
  readonly description: string;
  /** Makes it, and gives the policy; absent where the app cannot. */
  readonly make?: () => CfnResourcePolicy;
}

interface PolicyJson {
  readonly Statement: unknown;
}

/** The change of a policy that exists: none where it has all the statements, and blocks public policies. */
export function changeOfPolicy(policy: CfnResourcePolicy, statements: PolicyStatement[]): PolicyChange | undefined {
  const document: unknown = policy.resourcePolicy;
  const present = propertyOf(policy, 'resourcePolicy') === document ? statementsOf(document) : undefined;
  if (!present) {
    return { description: `nothing, for only the deployment knows what the resource policy '${policy.node.path}' says` };
  }
  const lacking = statements.filter(({ sid }) => !present.some(({ Sid }) => Sid === sid));
  const blocks = propertyOf(policy, 'blockPublicPolicy') === true;
  if (lacking.length === 0 && blocks) {
    return undefined;
  }
  return {
    description: `the resource policy '${policy.node.path}' ${[
      ...lacking.length > 0 ? [`gets ${sidsOf(lacking)}`] : [],
      ...blocks ? [] : ['blocks public policies'],
    ].join(' and ')}`,
    make: () => {
      if (document instanceof PolicyDocument) {
        document.addStatements(...lacking);
      } else {
        const statement = [...present, ...lacking.map((each) => each.toStatementJson() as unknown)];
        policy.resourcePolicy = { ...document as PolicyJson, Statement: statement };
      }
      policy.blockPublicPolicy = true;
      return policy;
    },
  };
}

/** The change that makes a policy, in the place where the secret's own construct would. */
export function newPolicy(resource: CfnSecret, statements: PolicyStatement[]): PolicyChange {
  return {
    description: `a new resource policy with ${sidsOf(statements)} that blocks public policies`,
    make: () => {
      const policy = policyOf(resource, statements);
      policy.blockPublicPolicy = true;
      policy.cfnOptions.condition = resource.cfnOptions.condition;
      return policy;
    },
  };
}

function policyOf(resource: CfnSecret, statements: PolicyStatement[]): CfnResourcePolicy {
  const secret = resource.node.scope;
  if (secret instanceof Secret && secret.node.defaultChild === resource && !secret.node.tryFindChild('Policy')) {
    statements.forEach((statement) => secret.addToResourcePolicy(statement));
    return secret.node.findChild('Policy').node.defaultChild as CfnResourcePolicy;
  }
  const resourcePolicy = new PolicyDocument({ statements });
  return new CfnResourcePolicy(resource, 'Policy', { secretId: resource.ref, resourcePolicy });
}

/** The statements that a document says; none where a token stands for them. */
function statementsOf(document: unknown): { readonly Sid?: string }[] | undefined {
  const json: unknown = document instanceof PolicyDocument ? document.toJSON() ?? { Statement: [] } : document;
  const statements = Token.isUnresolved(json) ? [json] : [(json as PolicyJson).Statement].flat();
  return statements.some((each) => Token.isUnresolved(each)) ? undefined : statements as { readonly Sid?: string }[];
}

function sidsOf(statements: PolicyStatement[]): string {
  return statements.map(({ sid }) => sid).join(', ');
}
