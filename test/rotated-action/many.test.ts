import { Template } from 'aws-cdk-lib/assertions';
import { type App, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { deployedActions, flat, GENERATED, group, lambda, service, stateMachine } from './support';
import { HardenedSecret, RotatedAction, SecretsPlatform } from '../../src';
import { ActionsEnvironment } from '../../src/contract/rotated-action';
import { messageOf, testApp } from '../support/scenario';

/** As long as what a deployment puts there: ARNs with names that CloudFormation makes. */
function deployed(text: string): string {
  return text.replaceAll('<AWS::Partition>', 'aws-us-gov').replace(/<(\w+)(\.Arn)?>/g, (_, id: string) =>
    `arn:aws-us-gov:service:us-gov-west-1:111111111111:kind/stack-name-${id}-AbCdEfGhIjKl`);
}

describe('many consumers', () => {
  let app: App;
  let stack: Stack;

  beforeEach(() => {
    app = testApp();
    stack = new Stack(app, 'Stack');
  });

  test('200 secrets of one consumer and 60 consumers of one secret are within the limits of every function', () => {
    const orders = lambda(stack, 'Orders');
    for (let index = 0; index < 200; index++) {
      const home = index % 50 === 0 ? new Stack(app, `Secrets${index}`) : app.node.findChild(`Secrets${index - index % 50}`);
      new HardenedSecret(home, `Creds${index}`, { ...GENERATED, secretName: `orders/credentials-number-${index}` })
        .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(orders));
    }
    const shared = new HardenedSecret(stack, 'Shared', { ...GENERATED, secretName: 'shared' });
    for (let index = 0; index < 60; index++) {
      shared.onRotated(`On${index}`, RotatedAction.replaceExecutionEnvironments(lambda(stack, `Consumer${index}`)));
    }
    const functions = deployedActions(stack);
    for (const { actions, variables, statements } of functions) {
      const all = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, deployed(flat(value))]));
      expect(Buffer.byteLength(JSON.stringify(all))).toBeLessThanOrEqual(4096);
      expect(deployed(JSON.stringify({ Version: '2012-10-17', Statement: statements })).length).toBeLessThanOrEqual(6144);
      expect(actions.length).toBeGreaterThan(0);
    }
    const pairs = functions.flatMap(({ actions }) => actions)
      .flatMap(({ target, secrets }) => secrets.map((name) => `${target} ${name}`));
    expect(new Set(pairs).size).toBe(260);
    expect(pairs).toHaveLength(260);
    // What a function knows is long: more of them are made as it fills, each for about 30 such pairs.
    expect(functions.length).toBeLessThanOrEqual(16);
  });

  test('a consumer stays with the function that knows it, where that has room', () => {
    const first = Array.from({ length: 10 }, (_, index) => lambda(stack, `First${index}`));
    const [one, two, three, four] = ['one', 'two', 'three', 'four']
      .map((secretName) => new HardenedSecret(stack, secretName, { ...GENERATED, secretName }));
    first.forEach((each, index) => one.onRotated(`First${index}`, RotatedAction.replaceExecutionEnvironments(each)));
    const last = lambda(stack, 'Last');
    // The first function has no room for another secret and another consumer, but for another consumer of the same secret.
    for (const secret of [four, three, two, one]) {
      secret.onRotated('Last', RotatedAction.replaceExecutionEnvironments(last));
    }
    const acting = deployedActions(stack).filter(({ actions }) => actions.some(({ id }) => id.startsWith('Last')));
    expect(acting).toHaveLength(1);
  });

  test('what is made does not depend on the number of secrets, while one function has room', () => {
    const countOf = (secrets: number): number => {
      const counted = new Stack(testApp(), 'Stack');
      const perSecret = 4;
      const orders = lambda(counted, 'Orders');
      for (let index = 0; index < secrets; index++) {
        new HardenedSecret(counted, `Creds${index}`, { ...GENERATED, secretName: `creds-${index}` })
          .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(orders));
      }
      return Object.keys(Template.fromStack(counted).toJSON().Resources as object).length - perSecret * secrets;
    };
    expect(countOf(20)).toBe(countOf(1));
  });

  describe.each([
    ['aws', 'ap-southeast-1', 'amazonaws.com'], ['aws-cn', 'cn-northwest-1', 'amazonaws.com.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com'], ['aws-iso-f', 'us-isof-south-1', 'csp.hci.ic.gov'],
  ])('in %s', (partition, region, suffix) => {
    /** What CloudFormation makes of a reference: names that it cuts off where the service has a limit. */
    const longest = (home: Stack) => {
      const resources = Template.fromStack(home).toJSON().Resources as Record<string, { Type: string; Properties: any }>;
      const named = (id: string, limit: number) => `${home.stackName}-${id}-AbCdEfGhIjKl`.slice(0, limit);
      const arn = (owner: string, rest: string) => `arn:${partition}:${owner}:${region}:111111111111:${rest}`;
      const valueOf = (id: string, attribute?: string): string => {
        const { Type: type, Properties: properties } = resources[id];
        switch (type) {
          case 'AWS::ECS::Service':
            return arn('ecs', `service/${named(properties.Cluster.Ref, 255)}/${named(id, 255)}`);
          case 'AWS::Lambda::Function':
            return arn('lambda', `function:${named(id, 64)}`);
          case 'AWS::StepFunctions::StateMachine':
            return arn('states', `stateMachine:${named(id, 80)}`);
          case 'AWS::SQS::Queue':
            return attribute ? arn('sqs', named(id, 80)) : `https://sqs.${region}.${suffix}/111111111111/${named(id, 80)}`;
          case 'AWS::Logs::LogGroup':
            return arn('logs', `log-group:${named(id, 512)}:*`);
          case 'AWS::AutoScaling::AutoScalingGroup':
            return named(id, 255);
          case 'AWS::SSM::Parameter':
            return `CFN-${id}-AbCdEfGhIjKl`;
          case 'AWS::SecretsManager::Secret':
            return arn('secretsmanager', `secret:${id}-AbCdEfGhIjKl-AbCdEf`);
          default:
            throw new Error(type);
        }
      };
      return (text: string) => text.replaceAll('<AWS::Partition>', partition).replaceAll('<AWS::Region>', region)
        .replaceAll('<AWS::AccountId>', '111111111111')
        .replace(/<(\w+)(?:\.(\w+))?>/g, (_, id: string, attribute?: string) => valueOf(id, attribute));
    };

    const KINDS: Record<string, (home: Stack, id: string) => RotatedAction> = {
      services: (home, id) => RotatedAction.forceNewDeployment(service(home, id)),
      functions: (home, id) => RotatedAction.replaceExecutionEnvironments(lambda(home, id)),
      groups: (home, id) => RotatedAction.startInstanceRefresh(group(home, id)),
      machines: (home, id) => RotatedAction.startExecution(stateMachine(home, id)),
      documents: (_, id) => RotatedAction.sendCommand(`document-${id}`, { instanceTag: { key: 'app', value: 'orders' } }),
      tags: (_, id) => RotatedAction.sendCommand('document', { instanceTag: { key: 'k'.repeat(99), value: id.padEnd(200) } }),
    };
    const each = Object.values(KINDS);
    KINDS.mixed = (home, id) => each[parseInt(id.slice(1), 10) % each.length](home, id);

    test.each(Object.keys(KINDS))('no function exceeds a limit, whose stack and consumers have long names: %s', (kind) => {
      for (const name of ['short', 'long'.padEnd(128, 'x')]) {
        const home = new Stack(testApp(), 'Stack', { stackName: name, ...name === 'short' && { env: { region } } });
        const secrets = [1, 2].map((number) => new HardenedSecret(home, `Creds${number}`, GENERATED));
        for (let index = 0; index < 14; index++) {
          const action = KINDS[kind](home, `C${index}`.padEnd(name === 'short' ? 3 : 100, 'x'));
          secrets.forEach((secret) => secret.onRotated(`On${index}`, action));
        }
        const asDeployed = longest(home);
        const acting = deployedActions(home);
        for (const { variables, statements } of acting) {
          const all = Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, asDeployed(flat(value))]));
          expect(Buffer.byteLength(JSON.stringify(all))).toBeLessThanOrEqual(4096);
          expect(asDeployed(JSON.stringify({ Version: '2012-10-17', Statement: statements })).length).toBeLessThanOrEqual(6144);
        }
        const pairs = acting.flatMap(({ actions }) => actions.flatMap((one) => one.secrets.map((secret) => `${one.id} ${secret}`)));
        expect([pairs.length, new Set(pairs).size]).toEqual([28, 28]);
      }
    });
  });

  test('19 documents that a secret is followed by are one function\'s, wherever it is deployed', () => {
    const creds = new HardenedSecret(stack, 'Creds', { ...GENERATED, secretName: 'creds' });
    for (let index = 0; index < 19; index++) {
      creds.onRotated(`On${index}`, RotatedAction.sendCommand(`doc-${index}`, { instanceTag: { key: 'app', value: 'orders' } }));
    }
    expect(deployedActions(stack)).toHaveLength(1);
  });

  test('parameters longer than the environment of a function are refused', () => {
    const creds = new HardenedSecret(stack, 'Creds', GENERATED);
    const parameters = { Text: ['x'.repeat(4000)] };
    expect(messageOf(() => creds.onRotated('Run', RotatedAction.sendCommand('run', {
      instanceTag: { key: 'app', value: 'orders' }, parameters,
    })))).toBe('[Stack/Creds/OnRotated/Run] what the function after rotations has to know of the consumer exceeds the limit '
      + 'of AWS Lambda, 4096 bytes of environment variables; give fewer or shorter parameters');
  });
});

describe('several stacks', () => {
  test('the function is in the stack of the consumer, which refers to nothing of a secret with a name', () => {
    const app = testApp();
    const [platformStack, secretStack, readerStack] = ['Platform', 'Secrets', 'Readers'].map((id) => new Stack(app, id));
    const platform = new SecretsPlatform(platformStack, 'Platform');
    const creds = new HardenedSecret(secretStack, 'Creds', { ...GENERATED, platform, secretName: 'creds' });
    const orders = service(readerStack, 'Orders');
    creds.onRotated('Orders', RotatedAction.forceNewDeployment(orders));
    expect([platformStack, secretStack].flatMap(deployedActions)).toEqual([]);
    expect(deployedActions(readerStack)).toEqual([expect.objectContaining({
      id: expect.stringMatching(/^RotatedActionsFunction/), actions: [expect.objectContaining({ secrets: ['creds'] })],
    })]);
    for (const stack of [platformStack, secretStack, readerStack]) {
      expect(Template.fromStack(stack).toJSON().Outputs).toBeUndefined();
    }
  });

  test('a secret without a name is imported, as its readers import it', () => {
    const app = testApp();
    const [secretStack, readerStack] = ['Secrets', 'Readers'].map((id) => new Stack(app, id));
    new HardenedSecret(secretStack, 'Creds', GENERATED)
      .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(readerStack, 'Orders')));
    expect(deployedActions(readerStack)[0].actions[0].secrets)
      .toEqual([expect.stringMatching(/^<import Secrets:ExportsOutputRefCreds/)]);
  });

  test('secrets of two platforms that share a stack of consumers have a function each', () => {
    const app = testApp();
    const [one, two] = ['One', 'Two'].map((id) => new SecretsPlatform(new Stack(app, id), 'Platform'));
    const readers = new Stack(app, 'Readers');
    const orders = lambda(readers, 'Orders');
    for (const platform of [one, two]) {
      new HardenedSecret(Stack.of(platform), 'Creds', { ...GENERATED, platform, secretName: `creds-${Stack.of(platform).stackName}` })
        .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(orders));
    }
    expect(deployedActions(readers).map(({ id }) => /^RotatedActions\d?(?=Function)/.exec(id)?.[0]).sort())
      .toEqual(['RotatedActions', 'RotatedActions1']);
  });

  test('a consumer in a stack that the secret needs is refused with a way out', () => {
    const app = testApp();
    const [early, late] = ['Early', 'Late'].map((id) => new Stack(app, id));
    late.addDependency(early);
    new HardenedSecret(late, 'Creds', GENERATED)
      .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(early, 'Orders')));
    expect(messageOf(() => app.synth())).toContain('give the secret a `secretName`, by which the function knows it');
  });

  test('a consumer in a nested stack has its function there', () => {
    const stack = new Stack(testApp(), 'Stack');
    const nested = new NestedStack(stack, 'Nested');
    new HardenedSecret(stack, 'Creds', { ...GENERATED, secretName: 'creds' })
      .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(nested, 'Orders')));
    expect(deployedActions(nested)[0].actions[0].secrets).toEqual(['creds']);
  });

  test('a consumer of another stage is refused', () => {
    const app = testApp();
    const [here, there] = ['Here', 'There'].map((id) => new Stack(new Stage(app, id), 'Stack'));
    const creds = new HardenedSecret(here, 'Creds', GENERATED);
    expect(messageOf(() => creds.onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(there, 'Orders')))))
      .toBe("[Here/Stack/Creds/OnRotated/Orders] the consumer 'There/Stack/Orders' is in another stage than the secret; "
        + 'make a secret in each stage');
  });

  test('a move below a stage changes nothing', () => {
    const templateOf = (scope: App | Stage): object => {
      const stack = new Stack(scope, 'Stack', { stackName: 'stack' });
      new HardenedSecret(stack, 'Creds', GENERATED)
        .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(stack, 'Orders')));
      return Template.fromStack(stack).toJSON();
    };
    expect(JSON.stringify(templateOf(new Stage(testApp(), 'Prod')))).toBe(JSON.stringify(templateOf(testApp())));
    expect(JSON.stringify(templateOf(testApp()))).toContain(ActionsEnvironment.ACTIONS);
  });
});

describe('what the guide says of how many fit into one function', () => {
  test('nine consumers of a secret', () => {
    const stack = new Stack(testApp(), 'Stack');
    const creds = new HardenedSecret(stack, 'Creds', GENERATED);
    for (let index = 0; index < 9; index++) {
      creds.onRotated(`On${index}`, RotatedAction.replaceExecutionEnvironments(lambda(stack, `Consumer${index}`)));
    }
    expect(deployedActions(stack)).toHaveLength(1);
  });

  test('29 secrets of a consumer', () => {
    const stack = new Stack(testApp(), 'Stack');
    const orders = lambda(stack, 'Orders');
    for (let index = 0; index < 29; index++) {
      new HardenedSecret(stack, `CredsNumber${index}`, GENERATED)
        .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(orders));
    }
    expect(deployedActions(stack)).toHaveLength(1);
  });
});
