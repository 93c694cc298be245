import { ArnPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { Deployment } from './deployment';
import { isAllowed, simulationOf } from './evaluation';
import { ASSUME, DECRYPT, DELETE, INSECURE, POLICY, PUT, READ, ROTATE, UPDATE, type Verdict } from './row';
import { BreakGlassAccess, GuardRail, HardenedSecret, Rotation } from '../../src';
import { testApp } from '../support/scenario';

const ALICE = 'user/alice of 222222222222';
const ROLE = 'App/BreakGlass/Role';
const ROTATING = 'App/BreakGlass/RotationAfterUse/Role';
const NAMED = {
  'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '299', 'sts:RoleSessionName': 'alice', 'aws:username': 'alice',
};

/** A secret that only its application and the emergency role may read, and one that the emergency role was not given. */
function deployment(): Deployment {
  const app = testApp();
  const stack = new Stack(app, 'App', { env: { account: '111111111111', region: 'us-east-1' } });
  const access = new BreakGlassAccess(stack, 'BreakGlass', {
    principals: [new ArnPrincipal('arn:aws:iam::222222222222:user/alice')], topic: new Topic(stack, 'Topic'),
  });
  const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const [orders] = ['Orders', 'Invoices'].map((id) => new HardenedSecret(stack, id, {
    rotation: Rotation.regenerate(), guardRails: [GuardRail.tlsOnly(), GuardRail.onlyReaders([reader, access.role])],
  }));
  orders.grants.read(reader);
  access.addSecret(orders.secret);
  return new Deployment(app);
}

describe('the emergency role', () => {
  const deployed = deployment();
  const VIA = { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com', 'kms:EncryptionContext:SecretARN': '@App/Orders' };

  test.each<[string, string, string, Record<string, string | undefined>, Verdict]>([
    [ALICE, ASSUME, ROLE, NAMED, 'allowed'],
    [ALICE, ASSUME, ROLE, { ...NAMED, 'aws:MultiFactorAuthPresent': undefined, 'aws:MultiFactorAuthAge': undefined }, 'refused'],
    [ALICE, ASSUME, ROLE, { ...NAMED, 'aws:MultiFactorAuthAge': '301' }, 'refused'],
    [ALICE, ASSUME, ROLE, { ...NAMED, 'sts:RoleSessionName': 'bob' }, 'refused'],
    ['user/bob of 222222222222', ASSUME, ROLE, { ...NAMED, 'sts:RoleSessionName': 'bob', 'aws:username': 'bob' }, 'refused'],
    ['user/alice of 111111111111', ASSUME, ROLE, NAMED, 'refused'],
    [ROLE, READ, 'App/Orders', {}, 'allowed'],
    [ROLE, READ, 'App/Orders', INSECURE, 'refused'],
    [ROLE, READ, 'App/Invoices', {}, 'refused'],
    [ROLE, DECRYPT, 'App/Orders/Key', VIA, 'allowed'],
    [ROLE, PUT, 'App/Orders', {}, 'refused'],
    [ROLE, UPDATE, 'App/Orders', {}, 'refused'],
    [ROLE, ROTATE, 'App/Orders', {}, 'refused'],
    [ROLE, DELETE, 'App/Orders', {}, 'refused'],
    [ROLE, POLICY, 'App/Orders', {}, 'refused'],
    ['role/administrator of 111111111111', READ, 'App/Orders', {}, 'refused'],
    [ROTATING, ROTATE, 'App/Orders', {}, 'allowed'],
    [ROTATING, ROTATE, 'App/Invoices', {}, 'refused'],
    [ROTATING, READ, 'App/Orders', {}, 'refused'],
  ])('%s: %s of %s with %j is %s', async (principal, action, resource, context, verdict) => {
    const simulation = simulationOf(deployed, { principal, action, resource, context });
    expect(await isAllowed(simulation) ? 'allowed' : 'refused').toBe(verdict);
  });
});
