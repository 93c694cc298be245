import type { Deployed, Deployment, Policy } from './deployment';

/** Who makes a request. */
export interface Principal {
  /** ARN of a role or a user, or the name of a service. */
  readonly id: string;
  /** None of a service. */
  readonly account?: string;
  readonly policies: Policy[];
  readonly boundary?: Policy;
}

const EVERYTHING: Policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/**
 * A principal by its name in the table: a role or a user of the app by its path, a service by its domain, or
 * `role/<name> of <account>` and `user/<name> of <account>`, which the app does not make and which may do everything, as far as
 * their own account goes. Whom templates give policies by name has these as well.
 */
export function principalOf(deployment: Deployment, name: string): Principal {
  if (/\.amazonaws\.com(\.cn)?$/.test(name)) {
    return { id: name, policies: [] };
  }
  const [, role, account] = /^((?:role|user)\/\S+) of (\d{12})$/.exec(name) ?? [];
  if (role !== undefined) {
    const [{ place }] = deployment.resources;
    return { id: `arn:${place.partition}:iam::${account}:${role}`, account, policies: [EVERYTHING] };
  }
  const deployed = deployment.at(name);
  return {
    id: deployed.arn!,
    account: deployed.place.account,
    policies: policiesOf(deployment, deployed),
    boundary: boundaryOf(deployment, deployed),
  };
}

function policiesOf(deployment: Deployment, { type, ref, properties, place }: Deployed): Policy[] {
  const list = type === 'AWS::IAM::User' ? 'Users' : 'Roles';
  const attached = [...deployment.ofType('AWS::IAM::Policy'), ...deployment.ofType('AWS::IAM::ManagedPolicy')]
    .filter((policy) => policy.place.account === place.account)
    .filter((policy) => (policy.properties[list] as string[] | undefined)?.includes(ref)
      || (properties.ManagedPolicyArns as string[] | undefined)?.includes(policy.ref));
  return [
    ...(properties.Policies as { PolicyDocument: Policy }[] | undefined ?? []).map(({ PolicyDocument }) => PolicyDocument),
    ...attached.map((policy) => policy.properties.PolicyDocument as Policy),
  ];
}

function boundaryOf(deployment: Deployment, { properties }: Deployed): Policy | undefined {
  const boundary = deployment.ofType('AWS::IAM::ManagedPolicy').find(({ ref }) => ref === properties.PermissionsBoundary);
  return boundary?.properties.PolicyDocument as Policy | undefined;
}
