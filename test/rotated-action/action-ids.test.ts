import { Template } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib/core';
import { GENERATED, stateMachine } from './support';
import { HardenedSecret, RotatedAction, Rotation, SecretContent, SecretHardening } from '../../src';
import { testRefused } from '../support/refused';
import { testApp } from '../support/scenario';

type Acts = Pick<SecretHardening, 'onRotated'>;
const hardened = (stack: Stack): Acts => new HardenedSecret(stack, 'Secret', GENERATED);
const ofOthers = (stack: Stack): Acts => SecretHardening.fromSecret(new Secret(stack, 'Secret'));
const machine = (stack: Stack) => RotatedAction.startExecution(stateMachine(stack, 'Machine'));
const queue = (stack: Stack) => RotatedAction.eventTarget(new SqsQueue(new Queue(stack, 'Queue')));

const TAKEN = {
  property: 'onRotated(id)', allowed: 'an id that no other action of the secret has', remedy: 'give each action an id of its own',
};
const KNOWN = {
  property: 'onRotated(id)', allowed: 'a text of one character or more that is known', remedy: 'such as `Redeploy`',
};

testRefused(6, [
  ...[hardened, ofOthers].flatMap((secretIn) => [
    {
      name: `the id of another action: ${secretIn.name}`,
      act: (stack: Stack) => {
        const secret = secretIn(stack);
        secret.onRotated('Orders', machine(stack));
        secret.onRotated('Orders', queue(stack));
      },
      got: '"Orders"',
      ...TAKEN,
    },
    { name: `no id: ${secretIn.name}`, act: (stack: Stack) => secretIn(stack).onRotated('', machine(stack)), got: '""', ...KNOWN },
  ]),
  {
    name: 'an id that the AWS CDK makes the same: it has no slashes in ids',
    act: (stack) => {
      const secret = hardened(stack);
      secret.onRotated('Orders--Service', machine(stack));
      secret.onRotated('Orders/Service', queue(stack));
    },
    got: '"Orders/Service"',
    ...TAKEN,
  },
  {
    name: 'an id that the deployment knows',
    act: (stack) => hardened(stack).onRotated(new CfnParameter(stack, 'Id').valueAsString, machine(stack)),
    got: '"${Token[',
    ...KNOWN,
  },
  {
    name: 'an id that is not known yet',
    act: (stack) => hardened(stack).onRotated(Lazy.string({ produce: () => 'Later' }), queue(stack)),
    got: '"${Token[',
    ...KNOWN,
  },
]);

const OWN_PARTS = [
  'Default', 'Resource', 'Key', 'Policy', 'Attachment', 'RotationSchedule', 'RotationPermission', 'RotationFunction', 'Alarm',
  'OnRotated',
];

test.each(OWN_PARTS)('an action may be called %s, as a part of the secret is', (id) => {
  const stack = new Stack(testApp(), 'Stack');
  const secret = new HardenedSecret(stack, 'Secret', { content: SecretContent.generated() });
  secret.onRotated(id, queue(stack));
  secret.addRotation(Rotation.regenerate());
  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
});

test('two secrets have actions of one id', () => {
  const stack = new Stack(testApp(), 'Stack');
  const action = queue(stack);
  ['One', 'Other'].forEach((id) => new HardenedSecret(stack, id, GENERATED).onRotated('Orders', action));
  expect(stack.node.findAll().filter(({ node }) => node.id === 'Orders').map(({ node }) => node.path))
    .toEqual(['Stack/One/OnRotated/Orders', 'Stack/Other/OnRotated/Orders']);
});
