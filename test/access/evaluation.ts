import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Deployment, Policy } from './deployment';
import { principalOf } from './principals';
import { targetOf } from './resources';

/** A request as the table has it; `undefined` takes out a key that the request would have. */
export interface Request {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | undefined>>;
}

/**
 * What decides a request: its keys, and the policies of principal, resource and endpoint.
 *
 * What AWS itself adds to every request is added: who asks, whose the resource is, which function rotates a secret, the aliases
 * of a key, and that no service stands in between.
 */
export function simulationOf(deployment: Deployment, { principal: name, action, resource, context = {} }: Request): Simulation {
  const principal = principalOf(deployment, name);
  const target = targetOf(deployment, resource);
  const caller: Record<string, string> = principal.account === undefined
    ? { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principal.id }
    : { 'aws:PrincipalIsAWSService': 'false', 'aws:PrincipalArn': principal.id, 'aws:PrincipalAccount': principal.account };
  const given = Object.entries(context).map(([key, value]) => [key, value && resolved(deployment, value)]);
  const all = Object.entries({
    ...caller,
    'aws:ResourceAccount': target.account,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    ...(action.startsWith('kms:') && { 'kms:CallerAccount': principal.account }),
    ...target.context,
    ...Object.fromEntries(given) as Request['context'],
  });
  const contextVariables = Object.fromEntries(all.flatMap(([key, value]) => value === undefined ? [] : [[key, value]]));
  const endpoint = deployment.ofType('AWS::EC2::VPCEndpoint').find(({ ref }) => ref === contextVariables['aws:SourceVpce']);
  return {
    request: {
      principal: principal.id, action, resource: { resource: target.arn, accountId: target.account }, contextVariables,
    },
    identityPolicies: principal.policies.map(named),
    resourcePolicy: target.policy,
    permissionBoundaryPolicies: principal.boundary && [principal.boundary].map(named),
    vpcEndpointPolicies: endpoint && [withPlainStar(endpoint.properties.PolicyDocument as Policy)].map(named),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

/** Whether AWS would let a request through. */
export async function isAllowed(simulation: Simulation): Promise<boolean> {
  const result = await runSimulation(renamed(simulation), {});
  if (result.resultType !== 'single') {
    throw new Error(`cannot be evaluated: ${JSON.stringify({ request: simulation.request, result })}`);
  }
  // A key that is left out would make a condition on it fail, or hold, for nothing.
  const ignored = result.result.ignoredContextKeys?.filter((key) => !isAlwaysSent(key)) ?? [];
  if (ignored.length > 0) {
    throw new Error(`${simulation.request.action} has no such context: ${ignored.join(', ')}`);
  }
  return result.overallResult === 'Allowed';
}

/** What the evaluator may ignore, for it was not asked for. */
function isAlwaysSent(key: string): boolean {
  return ['kms:CallerAccount', 'kms:ResourceAliases', 'secretsmanager:resource/AllowRotationLambdaArn'].includes(key);
}

const named = (policy: Policy, index: number) => ({ name: `policy-${index}`, policy });

/** The evaluator takes one of the two forms that mean everybody. */
function withPlainStar(policy: Policy): Policy {
  return JSON.parse(JSON.stringify(policy).replaceAll('"Principal":{"AWS":"*"}', '"Principal":"*"')) as Policy;
}

/** `@<path>` is the ARN of what is at a path; `id:<path>` is what `Ref` gives of it. */
function resolved(deployment: Deployment, value: string): string {
  const [, kind, path] = /^(@|id:)(.+)$/.exec(value) ?? [];
  return kind === undefined ? value : kind === '@' ? targetOf(deployment, path).arn : deployment.at(path).ref;
}

/**
 * The evaluator knows no keys with a name of the user's behind a colon, and says that they are not part of the request. Here they
 * have names that it knows, in policies and requests alike.
 */
function renamed<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll('"kms:EncryptionContext:', '"aws:RequestTag/kms-')) as T;
}
