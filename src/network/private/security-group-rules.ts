import { CfnSecurityGroupEgress, CfnSecurityGroupIngress, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type CfnResource, Stack, Token } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import type { RotationEndpoint } from './endpoint';
import { ConflictError } from '../../core/errors';
import { shortId } from '../../core/inner-path';
import { onceFor } from '../../core/once';

const HTTPS = 443;

/** The other end of a path. */
export interface Destination {
  readonly securityGroups: ISecurityGroup[];
  /** May be a token. */
  readonly port: number;
  /** The same port as a literal, where the template has one: checkers of rules cannot judge a token. */
  readonly literalPort?: number;
  /** Construct id that stands for a port that is a token. */
  readonly id: string;
  /** Text of the rules' descriptions. */
  readonly purpose: string;
}

/**
 * Opens the path from a security group to others.
 *
 * All rules are resources below the scope, so that nothing elsewhere comes to depend on it. The same path is made once.
 *
 * @returns the rules: a rotation must not begin before they exist.
 */
export function connect(scope: Construct, from: ISecurityGroup, to: Destination): IDependable[] {
  const port = Token.isUnresolved(to.port) ? to.id : to.port;
  return uniqueGroups(to.securityGroups).flatMap((group) => {
    const path = { name: `${port}-${shortId(scope, from)}-${shortId(scope, group)}`, key: [port, from, group] };
    const rule = {
      ipProtocol: 'tcp',
      fromPort: to.literalPort ?? to.port,
      toPort: to.literalPort ?? to.port,
      description: to.purpose,
    };
    const ingress = once(scope, 'Ingress', path, (name) => new CfnSecurityGroupIngress(scope, name, {
      ...rule, groupId: group.securityGroupId, sourceSecurityGroupId: from.securityGroupId,
    }));
    const egress = from.allowAllOutbound ? [] : [once(scope, 'Egress', path, (name) => new CfnSecurityGroupEgress(scope, name, {
      ...rule, groupId: from.securityGroupId, destinationSecurityGroupId: group.securityGroupId,
    }))];
    return [ingress, ...egress];
  });
}

/**
 * Opens the path to Secrets Manager: to the endpoint's groups, or to any address where they are not known or there is no
 * endpoint.
 */
export function connectToSecretsManager(scope: Construct, from: ISecurityGroup, endpoint: RotationEndpoint): IDependable[] {
  const purpose = 'Rotation to Secrets Manager';
  if (endpoint.securityGroups.length > 0) {
    return connect(scope, from, { securityGroups: endpoint.securityGroups, port: HTTPS, id: 'https', purpose });
  }
  return connectToAnyAddress(scope, from, HTTPS, purpose);
}

/** Opens a port to any address, for what has no group that is known. */
export function connectToAnyAddress(scope: Construct, from: ISecurityGroup, port: number, purpose: string): IDependable[] {
  return from.allowAllOutbound
    ? []
    : [
      once(
        scope,
        'Egress',
        { name: `${port}-${shortId(scope, from)}`, key: [port, from] },
        (name) =>
          new CfnSecurityGroupEgress(scope, name, {
            groupId: from.securityGroupId,
            ipProtocol: 'tcp',
            fromPort: port,
            toPort: port,
            cidrIp: '0.0.0.0/0',
            description: purpose,
          }),
      ),
    ];
}

/** What a rule is for: as part of a construct id, and as what distinguishes it from all others of the app. */
interface Path {
  readonly name: string;
  readonly key: (string | number | ISecurityGroup)[];
}

/** CloudFormation cannot make a rule twice, and functions may share a group of the user's. */
function once<T extends CfnResource>(scope: Construct, kind: string, { name, key }: Path, make: (id: string) => T): T {
  const id = JSON.stringify([kind, ...key.map((end) => Construct.isConstruct(end) ? end.node.path : end)]);
  const made = onceFor(scope.node.root, 'rules of security groups', () => new Map<string, CfnResource>());
  const existing = made.get(id) as T | undefined;
  if (existing && Stack.of(existing) !== Stack.of(scope)) {
    throw new ConflictError(
      scope,
      `the rule of the functions' security group is made already, in another stack at '${existing.node.path}'`,
      'rotation functions of two stacks cannot share a group: give each RotationNetwork a securityGroup of its own, or none',
    );
  }
  const rule = existing ?? make(`${kind}-${name}`);
  made.set(id, rule);
  return rule;
}

function uniqueGroups(groups: ISecurityGroup[]): ISecurityGroup[] {
  return [...new Map(groups.map((group) => [group.securityGroupId, group])).values()];
}
