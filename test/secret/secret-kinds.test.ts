import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  SecretContent,
  SecretGrants,
  SecretHardening,
  SecretMetrics,
  SecretReplica,
  SecretsPlatform,
} from '../../src';
import { isolatedVpc, personnelDatabase, testApp } from '../support/scenario';

const environment = { account: '111111111111', region: 'eu-west-1' };
const NAME = 'one';

interface Subject {
  /** What users have of the secret. */
  readonly secret: ISecret;
  readonly addRotation: () => void;
  /** Which resources a policy may name. */
  readonly resource: RegExp;
}

interface Kind {
  readonly kind: string;
  readonly make: (stack: Stack) => Subject;
}

const KINDS: Kind[] = [
  {
    kind: 'plain',
    make: (stack) => {
      const one = new HardenedSecret(stack, 'One');
      return { secret: one.secret, addRotation: () => one.addRotation(Rotation.regenerate()), resource: /"Ref":"One/ };
    },
  },
  {
    kind: 'attached to a database',
    make: (stack) => {
      const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)));
      const content = SecretContent.databaseCredentials({ username: 'app', database });
      const one = new HardenedSecret(stack, 'One', { platform: new SecretsPlatform(stack, 'Secrets'), content });
      return {
        secret: one.secret,
        addRotation: () => one.addRotation(Rotation.alternatingUsers()),
        resource: /"Ref":"OneAttachment/,
      };
    },
  },
  {
    kind: 'adopted',
    make: (stack) => {
      const secret = new Secret(stack, 'One', { encryptionKey: new Key(stack, 'Key') });
      const addRotation = (): void =>
        SecretHardening.fromSecret(secret, { content: SecretContent.generated() }).addRotation(Rotation.regenerate());
      return { secret, addRotation, resource: /"Ref":"One/ };
    },
  },
];
const WHEN = ['before', 'after'] as const;
const MATRIX = KINDS.flatMap((kind) => WHEN.map((when) => ({ ...kind, when })));

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

let stack: Stack;

beforeEach(() => {
  stack = new Stack(testApp(), 'Stack', { env: environment });
});

function roleIn(scope: Stack): Role {
  return new Role(scope, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
}

function statementsOf(scope: Stack): Statement[] {
  return Object.entries(Template.fromStack(scope).findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('Reader'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
}

function resourceOf(scope: Stack, action: string): string {
  return JSON.stringify(statementsOf(scope).find(({ Action }) => [Action].flat().includes(action))?.Resource ?? null);
}

describe.each(MATRIX)('a secret that is $kind, $when its rotation', ({ make, when }) => {
  /** Does something before or after the rotation is added. */
  const around = (subject: Subject, work: (secret: ISecret) => void): void => {
    if (when === 'before') {
      work(subject.secret);
    }
    subject.addRotation();
    if (when === 'after') {
      work(subject.secret);
    }
  };

  test('is read with its key', () => {
    const subject = make(stack);
    around(subject, (secret) => SecretGrants.fromSecret(secret).read(roleIn(stack)));
    expect(resourceOf(stack, 'secretsmanager:GetSecretValue')).toMatch(subject.resource);
    expect(resourceOf(stack, 'kms:Decrypt')).not.toBe('null');
  });

  test('is written with its key', () => {
    const subject = make(stack);
    around(subject, (secret) => SecretGrants.fromSecret(secret).write(roleIn(stack)));
    expect(resourceOf(stack, 'secretsmanager:PutSecretValue')).toMatch(subject.resource);
    expect(resourceOf(stack, 'kms:GenerateDataKey')).not.toBe('null');
  });

  test('is rotated by whoever may: the right to invoke the function comes with that', () => {
    const subject = make(stack);
    around(subject, (secret) => SecretGrants.fromSecret(secret).rotate(roleIn(stack)));
    expect(resourceOf(stack, 'secretsmanager:RotateSecret')).toMatch(subject.resource);
    expect(resourceOf(stack, 'lambda:InvokeFunction')).toContain(':lambda:eu-west-1:111111111111:function:');
  });

  test('has the metrics of its function', () => {
    const subject = make(stack);
    let metrics: SecretMetrics | undefined;
    around(subject, (secret) => {
      metrics = SecretMetrics.fromSecret(secret);
    });
    const { dimensions } = metrics!.metricRotationErrors();
    expect(JSON.stringify(stack.resolve(dimensions))).toMatch(/FunctionName/);
  });
});

test.each(KINDS)('a secret that is $kind has no metrics before it rotates', ({ make }) => {
  const { secret } = make(stack);
  expect(() => SecretMetrics.fromSecret(secret).metricRotationErrors()).toThrow('the secret has no rotation function');
});

describe.each(WHEN)('a replica, %s the rotation', (when) => {
  const setUp = (): { replica: ISecret; reader: Stack } => {
    const one = new HardenedSecret(stack, 'One', { secretName: NAME, replicas: [SecretReplica.inRegion('eu-central-1')] });
    if (when === 'after') {
      one.addRotation(Rotation.regenerate());
    }
    return {
      replica: one.replica('eu-central-1'),
      reader: new Stack(stack.node.root as App, 'Elsewhere', { env: { ...environment, region: 'eu-central-1' } }),
    };
  };

  test('is read in its Region with the key there', () => {
    const { replica, reader } = setUp();
    SecretGrants.fromSecret(replica).read(roleIn(reader));
    expect(resourceOf(reader, 'secretsmanager:GetSecretValue'))
      .toContain(':secretsmanager:eu-central-1:111111111111:secret:one-??????');
    expect(resourceOf(reader, 'kms:Decrypt')).toContain(':kms:eu-central-1:');
  });

  test('has no function of its own', () => {
    const { replica, reader } = setUp();
    expect(() => SecretMetrics.fromSecret(replica).metricRotationErrors()).toThrow('the secret has no rotation function');
    expect(() => SecretGrants.fromSecret(replica).rotate(roleIn(reader))).toThrow('a replica is read-only');
  });
});

describe('an imported secret, which rotates where it is defined', () => {
  const imported = (): ISecret =>
    Secret.fromSecretAttributes(stack, 'One', {
      secretCompleteArn: `arn:aws:secretsmanager:eu-west-1:111111111111:secret:${NAME}-AbCdEf`,
      encryptionKey: new Key(stack, 'Key'),
    });

  test.each(WHEN)('is read, written and rotated with its key, %s a rotation was refused', (when) => {
    const secret = imported();
    const content = SecretContent.generated();
    const refuse = (): void => expect(() => SecretHardening.fromSecret(secret, { content }).addRotation(Rotation.regenerate()))
      .toThrow('add the rotation where the secret is defined');
    if (when === 'after') {
      refuse();
    }
    const reader = roleIn(stack);
    const grants = SecretGrants.fromSecret(secret);
    grants.read(reader);
    grants.write(reader);
    grants.rotate(reader);
    if (when === 'before') {
      refuse();
    }
    expect(['GetSecretValue', 'PutSecretValue', 'RotateSecret'].map((action) => resourceOf(stack, `secretsmanager:${action}`)))
      .toEqual(Array(3).fill(expect.stringContaining(':secret:one-AbCdEf')));
    expect(resourceOf(stack, 'kms:Decrypt')).not.toBe('null');
    expect(resourceOf(stack, 'lambda:InvokeFunction')).toBe('null');
    expect(() => SecretMetrics.fromSecret(secret).metricRotationErrors()).toThrow('the secret has no rotation function');
  });
});
