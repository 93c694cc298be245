import type { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Effect, type IPrincipal, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Lazy, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ForwardAccessSessions } from './forward-access-sessions';
import type { OnlyReadersOptions, VpcEndpointsOptions } from './guard-rail-options';
import { deployerArns, requireDeployerArns } from './private/deployers';
import { principalArns } from './private/principal-arns';
import { ConflictError, ValidationError } from '../core/errors';
import { refuseCircle } from '../core/stack-circles';
import { requireText } from '../core/validate';

const READING = ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'];
/** All that reads or changes the value, but nothing that repairs the policy: a wrong rail can be removed again. */
const VALUE_AND_LIFE = [
  ...READING,
  'secretsmanager:CancelRotateSecret',
  'secretsmanager:DeleteSecret',
  'secretsmanager:PutSecretValue',
  'secretsmanager:RemoveRegionsFromReplication',
  'secretsmanager:ReplicateSecretToRegions',
  'secretsmanager:RestoreSecret',
  'secretsmanager:RotateSecret',
  'secretsmanager:StopReplicationToReplica',
  'secretsmanager:UpdateSecret',
  'secretsmanager:UpdateSecretVersionStage',
];

/** A role that rotates the secret. */
export interface RotationRole {
  /** The role's ARN. */
  readonly arn: string;
  /** The interface endpoint its function uses, as the endpoint's `vpcEndpointId` says it; absent where it uses none. */
  readonly vpcEndpointId?: string;
}

/** What rails need to know of the secret. */
export interface GuardRailContext {
  /** Roles that rotate the secret: asked at synthesis, because rotation may be added later. */
  readonly rotationRoles: () => RotationRole[];
}

type Binder = (scope: IConstruct, context: GuardRailContext) => PolicyStatement;

/**
 * A rule of a secret's resource policy that denies, whatever else allows.
 *
 * Rails apply to the secret and to its replicas. A secret has one rail of a kind.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
 *
 * @example
 * new HardenedSecret(this, 'Payments', {
 *   rotation: Rotation.regenerate(),
 *   guardRails: [GuardRail.tlsOnly(), GuardRail.organization('o-a1b2c3d4e5')],
 * });
 */
export class GuardRail {
  /**
   * Denies every request that is not made over TLS. It stops no request that would work: Secrets Manager accepts TLS only.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
   */
  static tlsOnly(): GuardRail {
    const statement = shared(deny('DenyInsecureTransport', ['secretsmanager:*'], { Bool: { 'aws:SecureTransport': 'false' } }));
    return new GuardRail('tlsOnly', () => statement);
  }

  /**
   * Denies reading the value except through interface endpoints: not from the console, nor from a laptop.
   *
   * Exempt are services of AWS that read as themselves, the functions that rotate the secret where they use another way, and the
   * roles that deploy, because CloudFormation reads the value when it updates the secret.
   *
   * A reader still reads by way of a service that acts for it, wherever the reader is: somebody with a reader's credentials and
   * the right to use such a service needs no endpoint. `forwardAccessSessions: ForwardAccessSessions.DENIED` takes that away.
   *
   * The rail is copied to replicas: list the endpoints of every Region in which the secret is read.
   *
   * @param endpoints the endpoints; those of other Regions imported by their id.
   * @param options the deploying roles, and whether services read for readers.
   * @throws without endpoints, for an endpoint of another Region whose id is not known, for deployers that are neither roles nor
   * users, and where nobody could deploy any more: `deployers` is empty, or services are denied, the stack's synthesizer names no
   * role for CloudFormation and neither does `deployers`.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html
   */
  static vpcEndpoints(endpoints: IVpcEndpoint[], options: VpcEndpointsOptions = {}): GuardRail {
    return new GuardRail('vpcEndpoints', (scope, context) => {
      const ids = endpointIds(scope, endpoints);
      const { deployers: given, forwardAccessSessions = ForwardAccessSessions.EXEMPT } = options;
      // Without a role of its own CloudFormation reads for whoever deploys, in a forward access session.
      const isKnownAnyway = given === undefined && forwardAccessSessions._isExempt;
      const deployers = (isKnownAnyway ? deployerArns : requireDeployerArns)({
        scope, rail: 'GuardRail.vpcEndpoints', deployers: given,
      });
      const exempt = () => {
        const outside = context.rotationRoles()
          .filter(({ vpcEndpointId }) => vpcEndpointId === undefined || !ids.includes(vpcEndpointId));
        return [...deployers, ...outside.map(({ arn }) => arn)];
      };
      return deny('DenyReadingOutsideEndpoints', READING, {
        StringNotEquals: { 'aws:SourceVpce': ids },
        BoolIfExists: {
          'aws:PrincipalIsAWSService': 'false',
          ...(forwardAccessSessions._isExempt && { 'aws:ViaAWSService': 'false' }),
        },
        ArnNotLikeIfExists: Lazy.any({ produce: () => exempt().length > 0 ? { 'aws:PrincipalArn': exempt() } : undefined }),
      });
    });
  }

  /**
   * Denies reading and changing the secret to principals of accounts outside an organization in AWS Organizations. AWS services
   * are exempt.
   *
   * The account of the secret must be a member, or nobody reads the secret; resource policy and rail stay changeable.
   *
   * @param organizationId id of the organization: `o-` and 10 to 32 lower-case letters and digits.
   * @throws for another form of id.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
   */
  static organization(organizationId: string): GuardRail {
    const statement = shared(deny('DenyOutsideOrganization', VALUE_AND_LIFE, {
      StringNotEquals: { 'aws:PrincipalOrgID': organizationId },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    }));
    return new GuardRail('organization', (scope) => {
      requireText(
        {
          scope,
          property: 'GuardRail.organization(organizationId)',
          remedy: 'take it from `aws organizations describe-organization`',
        },
        organizationId,
        { maximum: 34, pattern: /^o-[a-z0-9]{10,32}$/, allowed: "'o-' and 10 to 32 lower-case letters and digits" },
      );
      return statement;
    });
  }

  /**
   * Denies reading the value to everybody else, administrators included.
   *
   * Exempt are the functions that rotate the secret, AWS services that the resource policy allows, and the deployment: the role
   * with which CloudFormation deploys the secret's stack reads the value when it updates the secret. The rail allows nothing:
   * readers need a grant too.
   *
   * @param principals roles and users that may read; at least one. One of another stack needs a fixed name.
   * @param options the deploying roles.
   * @throws without principals, for principals that are neither roles nor users, and where nobody could deploy any more because
   * the stack's synthesizer names no role for CloudFormation and `deployers` is empty.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
   */
  static onlyReaders(principals: IPrincipal[], options: OnlyReadersOptions = {}): GuardRail {
    return new GuardRail('onlyReaders', (scope, context) => {
      requireEntries(scope, 'GuardRail.onlyReaders(principals)', principals, 'a list of roles and users, at least one');
      const readers = arnsOf(scope, 'GuardRail.onlyReaders(principals)', principals);
      const deployers = requireDeployerArns({ scope, rail: 'GuardRail.onlyReaders', deployers: options.deployers });
      return deny('DenyReadingByOthers', READING, {
        ArnNotLike: {
          'aws:PrincipalArn': Lazy.list({
            produce: () => [...new Set([...readers, ...deployers, ...context.rotationRoles().map(({ arn }) => arn)])],
          }),
        },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      });
    });
  }

  /** @internal */
  readonly _kind: string;
  /** @internal */
  readonly _bind: Binder;

  private constructor(kind: string, bind: Binder) {
    this._kind = kind;
    this._bind = bind;
  }
}

/** The statements of rails, for the secret's resource policy. */
export function bindGuardRails(scope: IConstruct, rails: GuardRail[], context: GuardRailContext): PolicyStatement[] {
  const kinds = new Set<string>();
  return rails.map((rail) => {
    if (kinds.has(rail._kind)) {
      throw new ConflictError(scope, `\`guardRails\` has two of GuardRail.${rail._kind}()`, 'use one, with all its values');
    }
    kinds.add(rail._kind);
    return rail._bind(scope, context);
  });
}

function deny(sid: string, actions: string[], conditions: { [operator: string]: unknown }): PolicyStatement {
  // Policies are copied to replicas: the primary's ARN would match none of them.
  return new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new StarPrincipal()],
    actions,
    resources: ['*'],
    conditions,
  });
}

/** A statement that says the same for every secret: made once, and such that nobody changes it for another. */
function shared(statement: PolicyStatement): PolicyStatement {
  return statement.freeze();
}

function endpointIds(scope: IConstruct, endpoints: IVpcEndpoint[]): string[] {
  const property = 'GuardRail.vpcEndpoints(endpoints)';
  requireEntries(scope, property, endpoints, 'a list of interface endpoints, at least one');
  const region = Stack.of(scope).region;
  for (const endpoint of endpoints) {
    if (Token.isUnresolved(endpoint.vpcEndpointId) && endpoint.env.region !== region) {
      throw new ConflictError(
        scope,
        `\`${property}\` '${endpoint.node.path}' is in another Region, and its id is not known at synthesis`,
        'import it by its id: InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes()',
      );
    }
  }
  endpoints.forEach((to) => refuseCircle({ from: scope, to }, 'make the secret in the stack of the endpoint, or in one that is '
    + 'deployed after it'));
  return [...new Set(endpoints.map(({ vpcEndpointId }) => vpcEndpointId))];
}

function arnsOf(scope: IConstruct, property: string, principals: IPrincipal[]): string[] {
  return principals.flatMap((principal) => principalArns({ scope, property, principal }));
}

function requireEntries(scope: IConstruct, property: string, entries: unknown[], allowed: string): void {
  const missing = entries.findIndex((entry) => !entry);
  if (entries.length === 0 || missing >= 0) {
    const got = entries.length === 0 ? entries : entries[missing];
    throw new ValidationError({ scope, property, got, allowed, remedy: 'without them nobody could read the secret' });
  }
}
