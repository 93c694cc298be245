import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretEncryption, SecretsPlatform } from '../../src';
import { testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, unknown>;
}

describe('a key with an alias, a platform and a secret in three stacks', () => {
  test.each<[string, (shared: Stack) => Rotation]>([
    ['a function of the platform', () => Rotation.regenerate()],
    ['a function of the user, beside the platform', (shared) => Rotation.custom({
      handler: new LambdaFunction(shared, 'Rotator', {
        functionName: 'rotator',
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = () => {}'),
      }),
    })],
  ])('are known to %s by the alias, and its stack depends on nothing', (_, rotationIn) => {
    const app = testApp();
    const [keys, shared, team] = ['Keys', 'Shared', 'Team'].map((id) => new Stack(app, id, { env: ENV }));
    const key = new Key(keys, 'Key', { alias: 'alias/theirs' });
    const platform = new SecretsPlatform(shared, 'Platform', { platformName: 'shared' });
    new HardenedSecret(team, 'Secret', {
      secretName: 'team',
      platform,
      encryption: SecretEncryption.key(key),
      rotation: rotationIn(shared),
    });
    const policies = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].flatMap((type) =>
      Object.values(Template.fromStack(shared).findResources(type)),
    );
    const ofKey = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
      .filter(({ Action }) => ([] as string[]).concat(Action).includes('kms:Decrypt'));
    expect(ofKey).toHaveLength(1);
    expect(JSON.stringify(ofKey[0].Resource)).toContain(':kms:us-east-1:111111111111:key/*');
    expect(ofKey[0].Condition).toMatchObject({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/theirs'] } });
    expect(shared.dependencies).toEqual([]);
    expect(team.dependencies.map(({ node }) => node.id).sort()).toEqual(['Keys', 'Shared']);
  });
});
