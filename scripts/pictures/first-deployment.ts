import { arrow, badge, box, picture, rectangle, text } from './drawing';

/** What the picture takes of a resource. */
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, any>>;
}

/** A stack of the app, as it was synthesised. */
export interface DrawnStack {
  readonly region: string;
  readonly resources: Readonly<Record<string, Resource>>;
}

const WIDTH = 960;
const HEIGHT = 650;

/** What the picture says, taken from the stacks: it fails where one of them no longer holds what an arrow stands for. */
class Tree {
  readonly region: string;
  private readonly resources: readonly [string, Resource][];

  constructor(private readonly stacks: readonly DrawnStack[]) {
    const main = stacks.find(({ resources }) => Object.values(resources).some(({ Type }) => Type === 'AWS::RDS::DBInstance'));
    if (main === undefined) {
      throw new Error('the picture shows a stack with a database');
    }
    this.region = main.region;
    this.resources = Object.entries(main.resources);
  }

  /** The Regions that the secret is copied to, in which there is a key for it. */
  get replicaRegions(): string[] {
    const regions = (this.properties('AWS::SecretsManager::Secret', 'ReplicaRegions').ReplicaRegions as { Region: string }[])
      .map(({ Region }) => Region);
    const withKey = this.stacks.filter(({ resources }) => Object.values(resources).some(({ Type }) => Type === 'AWS::KMS::Key'));
    return regions.filter((region) => withKey.some((stack) => stack.region === region));
  }

  /** The days between two rotations, of a schedule that begins at once. */
  get days(): string {
    const { RotationRules, RotateImmediatelyOnUpdate = true } = this.properties('AWS::SecretsManager::RotationSchedule');
    const days = /^rate\((\d+) days\)$/.exec((RotationRules as { ScheduleExpression: string }).ScheduleExpression)?.[1];
    if (RotateImmediatelyOnUpdate !== true || days === undefined) {
      throw new Error('the picture shows a schedule of days that rotates at once');
    }
    return days;
  }

  /** The only logical id that begins so, of that type. */
  named(type: string, prefix: string): string {
    const [found, ...others] = this.resources.filter(([id, { Type }]) => Type === type && id.startsWith(prefix));
    if (found === undefined || others.length > 0) {
      throw new Error(`the picture shows one ${type} whose logical id begins with ${prefix}: there are `
        + `${others.length + (found ? 1 : 0)}`);
    }
    return prefix;
  }

  require(...types: readonly string[]): void {
    types.forEach((type) => this.properties(type));
  }

  forbid(type: string): void {
    if (this.resources.some(([, { Type }]) => Type === type)) {
      throw new Error(`the picture shows no ${type}`);
    }
  }

  private properties(type: string, property?: string): Readonly<Record<string, unknown>> {
    const found = this.resources.find(([, { Type, Properties = {} }]) => Type === type
      && (property === undefined || property in Properties));
    if (found === undefined) {
      throw new Error(`the picture shows ${type}${property ? ` with ${property}` : ''}, which the app does not have`);
    }
    return found[1].Properties ?? {};
  }
}

/** Of the README's app: what is where, and in which order things happen at its first deployment. */
export function drawFirstDeployment(stacks: readonly DrawnStack[]): string {
  const tree = new Tree(stacks);
  const [replica] = tree.replicaRegions;
  const secret = tree.named('AWS::SecretsManager::Secret', 'MyCustomAppCreds');
  const database = tree.named('AWS::RDS::DBInstance', 'Database');
  const application = tree.named('AWS::Lambda::Function', 'MyCustomApp');
  const topic = tree.named('AWS::SNS::Topic', 'RotationFailures');
  tree.require('AWS::SecretsManager::ResourcePolicy', 'AWS::Lambda::Permission', 'AWS::CloudWatch::Alarm',
    'AWS::Scheduler::Schedule', 'AWS::EC2::NatGateway');
  tree.forbid('AWS::EC2::VPCEndpoint');
  const steps = [
    'CloudFormation creates what is in the boxes; the schedule of the rotation comes last, and Secrets Manager starts at once.',
    'Secrets Manager invokes the rotation function, which acts on no secret but those that the deployment names.',
    'The function puts the next password into a version that nobody reads yet (AWSPENDING).',
    'It signs in to the database as its administrator, and creates the user and its alternate, which gets that password.',
    'It signs in with the new password, and makes that version the current one (AWSCURRENT).',
    `Secrets Manager copies the new value to ${replica}, where the secret has a key of its own.`,
    `${application} reads the secret, and signs in to the database.`,
    'If a step fails, or a rotation is overdue, the alarm says so. Nothing has changed for readers.',
  ];
  return picture(
    {
      title: 'What the first deployment does',
      description: steps.map((step, index) => `${index + 1}. ${step}`).join(' '),
      width: WIDTH,
      height: HEIGHT,
    },
    [
      rectangle(20, 20, 690, 388, { fill: 'area', stroke: 'frame' }),
      text(36, 44, tree.region, { bold: true, colour: 'faint' }),
      rectangle(36, 104, 330, 288, { fill: 'page', stroke: 'good', dashed: true }),
      text(50, 126, 'VPC, with a NAT gateway', { bold: true, colour: 'good' }),
      rectangle(470, 104, 224, 170, { fill: 'page', stroke: 'frame' }),
      text(484, 126, 'Secrets Manager', { bold: true, colour: 'faint' }),
      rectangle(740, 104, 200, 170, { fill: 'area', stroke: 'frame' }),
      text(756, 126, replica, { bold: true, colour: 'faint' }),

      box(186, 34, 170, ['CloudFormation']),
      box(486, 140, 192, [secret, 'its own key, a policy', `TLS only, every ${tree.days} days`]),
      box(756, 140, 168, ['replica', 'its own key', 'in that Region']),
      box(196, 140, 156, ['rotation function', 'role, log group,', 'security group']),
      box(50, 318, 130, [database, 'PostgreSQL']),
      box(222, 318, 130, [application, 'your code']),
      box(430, 318, 110, ['alarm', 'and daily audit']),
      box(566, 318, 128, [topic, 'topic']),

      arrow([356, 52], [640, 52], [640, 140]), badge(420, 52, 1),
      arrow([486, 158], [352, 158]), badge(442, 158, 2),
      arrow([352, 182], [486, 182]), badge(400, 182, 3),
      arrow([196, 176], [100, 176], [100, 318]), badge(100, 226, 4),
      arrow([352, 204], [486, 204]), badge(442, 204, 5),
      arrow([678, 176], [756, 176]), badge(717, 176, 6),
      arrow([340, 318], [340, 250], [582, 250], [582, 212]), badge(400, 250, 7),
      arrow([222, 345], [180, 345]), badge(201, 345, 7),
      arrow([274, 212], [274, 290], [485, 290], [485, 318]), badge(400, 290, 8),
      arrow([540, 345], [566, 345]),
      ...steps.flatMap((step, index) => [badge(42, 436 + index * 27, index + 1), text(64, 440.5 + index * 27, step)]),
    ],
  );
}
