import type { Template } from 'aws-cdk-lib/assertions';

/** A statement, with values in the place of references. */
export interface DeployedStatement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/** A policy as IAM gets it. */
export interface DeployedPolicy {
  readonly id: string;
  readonly isManaged: boolean;
  /** Characters without whitespace, which are what IAM counts. */
  readonly size: number;
  readonly statements: DeployedStatement[];
}

/** The policies that a template attaches to anybody, in the order of the template. */
export function attachedPolicies(...templates: Template[]): DeployedPolicy[] {
  const resources = Object.assign({}, ...templates.map((template) => template.toJSON().Resources)) as Resources;
  return templates.flatMap((template) => Object.entries(template.toJSON().Resources as Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .map(([id, { Type, Properties }]) => {
      const document = valueOf(Properties!.PolicyDocument, resources) as { readonly Statement: DeployedStatement[] };
      return {
        id, isManaged: Type === 'AWS::IAM::ManagedPolicy', size: JSON.stringify(document).length, statements: document.Statement,
      };
    }));
}

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: Record<string, any> }>>;

/** What CloudFormation makes of a value: ARNs and names of usual length. */
function valueOf(value: unknown, resources: Resources): unknown {
  if (Array.isArray(value)) {
    return value.map((entry) => valueOf(entry, resources));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[key, inner]] = Object.entries(value).concat([['', undefined]]);
  switch (key) {
    case 'Ref':
      return PSEUDO[inner as string] ?? identityOf(inner as string, resources);
    case 'Fn::GetAtt':
      return identityOf(inner[0], resources);
    case 'Fn::Join':
      return (valueOf(inner[1], resources) as string[]).join(inner[0]);
    default:
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, valueOf(entry, resources)]));
  }
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws', 'AWS::Region': 'ap-southeast-1', 'AWS::AccountId': '111111111111',
};

function identityOf(id: string, resources: Resources): string {
  const { Type, Properties = {} } = resources[id] ?? { Type: '' };
  switch (Type) {
    case 'AWS::SecretsManager::Secret':
      return `arn:aws:secretsmanager:ap-southeast-1:111111111111:secret:${Properties.Name ?? `${id}-abcdefghijkl`}-AbCdEf`;
    case 'AWS::KMS::Key':
      return 'arn:aws:kms:ap-southeast-1:111111111111:key/11111111-2222-3333-4444-555555555555';
    default:
      return `arn:aws:service:ap-southeast-1:111111111111:${id}`;
  }
}
