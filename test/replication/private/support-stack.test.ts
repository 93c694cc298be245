import { readFileSync } from 'fs';
import { join } from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  App,
  Aspects,
  BootstraplessSynthesizer,
  CfnResource,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  type DockerImageAssetLocation,
  type FileAssetLocation,
  type IStackSynthesizer,
  type ISynthesisSession,
  LegacyStackSynthesizer,
  NestedStack,
  Stack,
  type StackProps,
  StackSynthesizer,
  Stage,
  Tags,
} from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { topLevelStack } from '../../../src/core/stack-order';
import { supportStack } from '../../../src/replication/private/support-stack';

const PRIMARY = { account: '111111111111', region: 'us-east-1' };

function setUp(props: StackProps = {}) {
  const app = new App();
  const primary = new Stack(app, 'Primary', { env: PRIMARY, ...props });
  return { app, primary };
}

function support(scope: Construct, region = 'eu-west-1', platformName = 'payments'): Stack {
  return supportStack({ scope, platformName, region });
}

function tagsOf(app: App, stack: Stack) {
  return app.synth().getStackArtifact(stack.artifactId).tags;
}

/** A synthesizer for one stack only. */
class OneStackSynthesizer extends StackSynthesizer {
  addFileAsset(): FileAssetLocation {
    throw new Error('no assets');
  }

  addDockerImageAsset(): DockerImageAssetLocation {
    throw new Error('no assets');
  }

  synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
    this.emitArtifact(session);
  }
}

describe('supportStack', () => {
  test('stands beside the primary stack, in its account', () => {
    const { app, primary } = setUp();
    const stack = support(primary);
    expect(stack.node.scope).toBe(app);
    expect(stack.node.id).toBe('payments-eu-west-1');
    expect([stack.account, stack.region]).toEqual([PRIMARY.account, 'eu-west-1']);
    expect(stack.templateOptions.description).toBe('Keys that encrypt the replicas of the secrets of payments in eu-west-1');
  });

  test('stands in the stage of the primary stack', () => {
    const stage = new Stage(new App(), 'Prod', { env: PRIMARY });
    const stack = support(new Stack(new Construct(stage, 'Team'), 'Primary'));
    expect(stack.node.scope).toBe(stage);
    expect(stack.stackName).toBe('payments-eu-west-1');
  });

  test('stands at the root where there is no stage', () => {
    const root = new Construct(undefined as unknown as Construct, '');
    expect(support(new Stack(root, 'Primary', { env: PRIMARY })).node.scope).toBe(root);
  });

  test('is one for each platform and Region', () => {
    const { primary } = setUp();
    expect(support(primary)).toBe(support(primary));
    expect(support(primary, 'eu-central-1')).not.toBe(support(primary));
    expect(support(primary, 'eu-west-1', 'orders')).not.toBe(support(primary));
  });

  test('has a valid name whatever the name of the platform', () => {
    const { primary } = setUp();
    expect(support(primary, 'eu-west-1', 'my_team/pay.ments').stackName).toBe('my-team-pay-ments-eu-west-1');
  });

  test('serves a nested stack as its top-level stack', () => {
    const { primary } = setUp();
    const nested = new NestedStack(new NestedStack(primary, 'Outer'), 'Inner');
    expect(topLevelStack(nested)).toBe(primary);
    expect(support(nested)).toBe(support(primary));
  });

  test('takes no account from nowhere', () => {
    const { primary } = setUp({ env: { region: 'us-east-1' } });
    expect(support(primary).account).toBe(primary.account);
  });

  test.each<[string, (app: App) => unknown]>([
    ['a construct', (app) => new Construct(app, 'payments-eu-west-1')],
    ['a stack of another Region', (app) => new Stack(app, 'payments-eu-west-1', { env: PRIMARY })],
    [
      'a stack of another account',
      (app) => new Stack(app, 'payments-eu-west-1', { env: { account: '222222222222', region: 'eu-west-1' } }),
    ],
  ])('refuses a name that %s has', (_, make) => {
    const { app, primary } = setUp();
    make(app);
    expect(() => support(primary)).toThrow("[Primary] the stack for the replica keys in 'eu-west-1' cannot be made: "
      + "'payments-eu-west-1' exists and is not a stack "
      + "in that Region and in the account '111111111111'; give the platform another `platformName`, or "
      + '`SecretReplica.inRegion(region, { stack })` a stack of yours');
  });

  describe('synthesizer', () => {
    test.each<[string, IStackSynthesizer, string | undefined]>([
      ['with a qualifier', new DefaultStackSynthesizer({ qualifier: 'team' }), 'cdk-team-deploy-role-111111111111-eu-west-1'],
      [
        'without bootstrapping',
        new BootstraplessSynthesizer({ deployRoleArn: 'arn:aws:iam::111111111111:role/deploy' }),
        'role/deploy',
      ],
      ['with the caller\'s credentials', new CliCredentialsStackSynthesizer(), undefined],
      ['of old', new LegacyStackSynthesizer(), undefined],
    ])('%s is used again', (_, synthesizer, role) => {
      const { app, primary } = setUp({ synthesizer });
      const stack = support(primary);
      new Key(stack, 'Key');
      const { assumeRoleArn } = app.synth().getStackArtifact(stack.artifactId);
      expect(stack.synthesizer).toBeInstanceOf(synthesizer.constructor);
      expect(assumeRoleArn).toEqual(role && expect.stringContaining(role));
    });

    test('of the app is used again', () => {
      const app = new App({ defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: 'app' }) });
      expect(support(new Stack(app, 'Primary', { env: PRIMARY })).synthesizer.bootstrapQualifier).toBe('app');
    });

    test('publishes the assets of its own stack only', () => {
      const { app, primary } = setUp({ synthesizer: new DefaultStackSynthesizer() });
      new CfnResource(primary, 'Resource', { type: 'AWS::Test::Resource' });
      const stack = support(primary);
      const { directory } = app.synth();
      const { files } = JSON.parse(readFileSync(join(directory, `${stack.artifactId}.assets.json`), 'utf8')) as {
        files: { [hash: string]: { source: { path: string } } };
      };
      expect(Object.values(files).map(({ source }) => source.path)).toEqual([stack.templateFile]);
    });

    test('that serves one stack only asks for a stack', () => {
      const { primary } = setUp({ synthesizer: new OneStackSynthesizer() });
      expect(() => support(primary)).toThrow("[Primary] the stack for the replica key in 'eu-west-1' cannot be made: the "
        + "synthesizer of 'Primary' cannot be used for "
        + 'a second stack; make a stack in \'eu-west-1\' and give it to `SecretReplica.inRegion(region, { stack })`');
    });

    test('whose copy is bound already asks for a stack', () => {
      const copy = Object.create(new OneStackSynthesizer()) as OneStackSynthesizer;
      const { primary } = setUp({ synthesizer: copy });
      expect(() => support(primary)).toThrow('cannot be used for a second stack');
    });
  });

  describe('tags', () => {
    test('of the primary stack are copied', () => {
      const { app, primary } = setUp({ tags: { team: 'payments' } });
      expect(tagsOf(app, support(primary))).toEqual({ team: 'payments' });
    });

    test.each([true, false])('added later are copied, with explicitStackTags=%s', (explicit) => {
      const app = new App({ context: { '@aws-cdk/core:explicitStackTags': explicit } });
      const team = new Construct(app, 'Team');
      const primary = new Stack(team, 'Primary', { env: PRIMARY });
      const stack = support(primary);
      new Key(stack, 'Key');
      Tags.of(team).add('team', 'payments');
      Tags.of(primary).add('cost', 'a');
      Tags.of(primary).add('gone', 'b');
      Tags.of(primary).remove('gone');
      Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
        Tags: [
          { Key: 'cost', Value: 'a' },
          { Key: 'team', Value: 'payments' },
        ],
      });
    });

    test('of the app come once', () => {
      const { app, primary } = setUp();
      const stack = support(primary);
      new Key(stack, 'Key');
      Tags.of(app).add('app', 'shop');
      Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { Tags: [{ Key: 'app', Value: 'shop' }] });
    });

    test('come without the other aspects of the primary, which are not meant for it', () => {
      const { app, primary } = setUp();
      const visited: string[] = [];
      Aspects.of(primary).add({ visit: ({ node }) => visited.push(node.path) });
      const stack = support(primary);
      app.synth();
      expect(visited).toContain(primary.node.path);
      expect(visited).not.toContain(stack.node.path);
    });

    test('of another stack are not taken', () => {
      const { app, primary } = setUp();
      Tags.of(new Stack(app, 'Other')).add('team', 'orders');
      expect(tagsOf(app, support(primary))).toEqual({});
    });
  });
});
