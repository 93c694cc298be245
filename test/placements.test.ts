import { SecurityGroup, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine, DatabaseTarget, HardenedSecret, type HardenedSecretProps, Rotation, RotationNetwork, SecretContent,
  SecretEncryption, SecretGrants, SecretHardening, SecretMonitoring, SecretsPlatform,
} from '../src';
import { circlesIn } from './support/circles';
import { isolatedVpc, personnelDatabase, testApp } from './support/scenario';
import { ConflictError, ValidationError } from '../src/core/errors';

/** What an app is made of; each may be in a stack of its own. */
const PARTS = ['vpc', 'database', 'platform', 'topic', 'key', 'secret', 'reader'] as const;
type Part = typeof PARTS[number];

/** Makes the parts, each in its place, as they are asked for. What can be left out is left out unless `explicit` is set. */
class Parts {
  private readonly made = new Map<Part, unknown>();

  constructor(private readonly places: Record<Part, Stack>, private readonly explicit: boolean) {}

  in(part: Part): Stack {
    return this.places[part];
  }

  get vpc(): Vpc {
    return this.once('vpc', (stack) => isolatedVpc(stack));
  }

  /** None where each stack has the one that is made for it. */
  get platform(): SecretsPlatform | undefined {
    return !this.explicit
      ? undefined
      : this.once('platform', (stack) => new SecretsPlatform(stack, 'Platform', { platformName: 'team' }));
  }

  /** A secret with all parts, and its reader. */
  secret(id: string, props: HardenedSecretProps): HardenedSecret {
    const secret = new HardenedSecret(this.places.secret, id, {
      ...this.explicit && {
        secretName: 'orders',
        platform: this.platform,
        encryption: SecretEncryption.key(this.once('key', (stack) => new Key(stack, 'Key', { alias: 'alias/team-key' }))),
      },
      monitoring: this.monitoring,
      ...props,
    });
    secret.grants.read(this.reader);
    return secret;
  }

  get monitoring(): SecretMonitoring {
    return SecretMonitoring.rotationFailure({ topic: this.once('topic', (stack) => new Topic(stack, 'Topic')) });
  }

  get reader(): LambdaFunction {
    return this.once('reader', (stack) => this.functionIn(stack, 'Reader'));
  }

  database(admin?: ISecret): DatabaseInstance {
    return this.once('database', (stack) => personnelDatabase(stack, this.vpc, admin));
  }

  functionIn(stack: Stack, id: string): LambdaFunction {
    return new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(' '),
      functionName: this.explicit ? id : undefined,
    });
  }

  private once<T>(part: Part, make: (stack: Stack) => T): T {
    if (!this.made.has(part)) {
      this.made.set(part, make(this.places[part]));
    }
    return this.made.get(part) as T;
  }
}

const shapes: Record<string, (parts: Parts) => void> = {
  'a value for a function': (parts) => parts.secret('Secret', { rotation: Rotation.regenerate() }),
  'an admin that rotates itself': (parts) => {
    const admin = parts.secret('Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
    admin.addRotation(Rotation.singleUser({ database: DatabaseTarget.fromRdsInstance(parts.database(admin.secret)) }));
  },
  'a user of a database with an admin of its own': (parts) => {
    const database = DatabaseTarget.fromRdsInstance(parts.database());
    parts.secret('User', {
      content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.alternatingUsers(),
    });
  },
  'an admin, and a user beside it': (parts) => {
    const admin = new HardenedSecret(parts.in('secret'), 'Admin', {
      platform: parts.platform,
      encryption: SecretEncryption.ownKey(),
      content: SecretContent.databaseCredentials({ username: 'postgres' }),
    });
    const database = DatabaseTarget.fromRdsInstance(parts.database(admin.secret));
    admin.addRotation(Rotation.singleUser({ database }));
    parts.secret('User', {
      content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.alternatingUsers(),
    });
  },
  'a user of a database by its host': (parts) => {
    const database = DatabaseTarget.of({
      engine: DatabaseEngine.POSTGRES,
      host: 'db.example.com',
      network: RotationNetwork.of({ vpc: parts.vpc }),
      securityGroups: [new SecurityGroup(parts.in('database'), 'Group', { vpc: parts.vpc })],
      superuser: new Secret(parts.in('database'), 'Superuser'),
    });
    parts.secret('User', {
      content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.singleUserWithSuperuser(),
    });
  },
  'a function of one\'s own, and a secret of the AWS CDK': (parts) => {
    const secret = new Secret(parts.in('secret'), 'Secret', { secretName: 'token' });
    const hardening = SecretHardening.fromSecret(secret, { platform: parts.platform });
    hardening.addRotation(Rotation.custom({ handler: parts.functionIn(parts.in('database'), 'Rotate') }));
    hardening.addMonitoring(parts.monitoring);
    SecretGrants.fromSecret(secret).read(parts.reader);
  },
};

/** Ways to put the parts into at most so many stacks, numbered as they come up. */
function placements(stacks: number): number[][] {
  const extend = (start: number[], used: number): number[][] => start.length === PARTS.length
    ? [start]
    : Array.from({ length: Math.min(used + 1, stacks) }, (_, index) =>
      extend([...start, index], Math.max(used, index + 1))).flat();
  return extend([], 0);
}

function build(shape: (parts: Parts) => void, placement: number[], explicit: boolean): App {
  const app = testApp();
  const stacks = [...new Set(placement)].sort().map((index) => new Stack(app, `Stack${index}`));
  const places = Object.fromEntries(PARTS.map((part, index) => [part, stacks[placement[index]]])) as Record<Part, Stack>;
  shape(new Parts(places, explicit));
  return app;
}

/** What comes of an app: nothing to say, or the message of this library that refuses it. */
function outcomeOf(app: () => App): string {
  try {
    return circlesIn(app().synth()).join() || 'fine';
  } catch (error) {
    if (error instanceof ConflictError || error instanceof ValidationError) {
      return 'refused';
    }
    throw error;
  }
}

/** One in so many of the ways, which are 715; all of them were tried once. */
const STEP = 47;

describe.each(Object.keys(shapes))('%s', (shape) => {
  const some = placements(4).filter((_, index) => index % STEP === 0);

  test('in one stack is fine', () => {
    expect(outcomeOf(() => build(shapes[shape], some[0], false))).toBe('fine');
  });

  test.each(some)('in stacks %d %d %d %d %d %d %d is fine, or refused with what to do', (...placement) => {
    for (const explicit of [true, false]) {
      expect(['fine', 'refused']).toContain(outcomeOf(() => build(shapes[shape], placement, explicit)));
    }
  });
});
