import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { functionRole, ROTATION_ACTIONS, SUPERUSER_ACTIONS } from './support/function-role';
import { DatabaseTarget, HardenedSecret, Rotation, RotationNetwork, SecretContent } from '../../src';
import { isolatedVpc, personnelDatabase, testApp } from '../support/scenario';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Condition?: object;
}

/** The statements of all roles and policies of a template that say anything of Secrets Manager. */
function statements(template: Template): Statement[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
    .filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager:'));
}

test('functions have in the attacks what they have in templates, and no more', () => {
  const stack = new Stack(testApp(), 'Stack');
  const vpc = isolatedVpc(stack);
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, vpc), { network: RotationNetwork.of({ vpc }) });
  new HardenedSecret(stack, 'App', {
    content: SecretContent.databaseCredentials({ username: 'app', database }),
    rotation: Rotation.alternatingUsers(),
  });
  new HardenedSecret(stack, 'Key', { content: SecretContent.generated(), rotation: Rotation.regenerate() });
  const found = statements(Template.fromStack(stack));
  const named = (sid: string): Statement[] => found.filter(({ Sid }) => Sid === sid);
  expect(named('RotateSecretsOfThisFunction')).toHaveLength(2);
  named('RotateSecretsOfThisFunction').forEach(({ Action, Condition }) => {
    expect(Action).toEqual(ROTATION_ACTIONS.map((action) => `secretsmanager:${action}`));
    expect(Condition).toEqual({ StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': expect.anything() } });
  });
  expect(named('ReadSuperuser').map(({ Action }) => [Action].flat()))
    .toEqual([SUPERUSER_ACTIONS.map((action) => `secretsmanager:${action}`)]);
  expect(found).toHaveLength(3);
  expect(functionRole('x', 'function', 'superuser').map(({ actions }) => actions)).toEqual([ROTATION_ACTIONS, SUPERUSER_ACTIONS]);
});
