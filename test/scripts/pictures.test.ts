import { drawChoice } from '../../scripts/pictures/choose-a-rotation';
import { drawFirstDeployment, type DrawnStack } from '../../scripts/pictures/first-deployment';
import { drawTwoUsers } from '../../scripts/pictures/two-users';

/** What the picture of the first deployment takes of an app. */
const RESOURCES: DrawnStack['resources'] = {
  Database1: { Type: 'AWS::RDS::DBInstance' },
  MyCustomApp1: { Type: 'AWS::Lambda::Function' },
  MyCustomAppCreds1: { Type: 'AWS::SecretsManager::Secret', Properties: { ReplicaRegions: [{ Region: 'eu-central-1' }] } },
  RotationFailures1: { Type: 'AWS::SNS::Topic' },
  Schedule1: {
    Type: 'AWS::SecretsManager::RotationSchedule', Properties: { RotationRules: { ScheduleExpression: 'rate(7 days)' } },
  },
  Policy1: { Type: 'AWS::SecretsManager::ResourcePolicy' },
  Permission1: { Type: 'AWS::Lambda::Permission' },
  Alarm1: { Type: 'AWS::CloudWatch::Alarm' },
  Audit1: { Type: 'AWS::Scheduler::Schedule' },
  Nat1: { Type: 'AWS::EC2::NatGateway' },
};
const KEYS: DrawnStack = { region: 'eu-central-1', resources: { Key1: { Type: 'AWS::KMS::Key' } } };

const draw = (resources: DrawnStack['resources']) => drawFirstDeployment([KEYS, { region: 'us-west-2', resources }]);

describe('the first deployment', () => {
  test('is drawn of what there is', () => {
    const drawn = draw(RESOURCES);
    expect(drawn).toContain('every 7 days');
    expect(drawn).toContain('>us-west-2<');
    expect(drawn).toContain('>eu-central-1<');
  });

  test.each(Object.keys(RESOURCES))('is not drawn without %s', (id) => {
    const { [id]: _, ...others } = RESOURCES;
    expect(() => draw(others)).toThrow('the picture shows');
  });

  test('is not drawn with an endpoint, or of a schedule that waits', () => {
    expect(() => draw({ ...RESOURCES, Endpoint1: { Type: 'AWS::EC2::VPCEndpoint' } })).toThrow('no AWS::EC2::VPCEndpoint');
    const { Type, Properties } = RESOURCES.Schedule1;
    expect(() => draw({ ...RESOURCES, Schedule1: { Type, Properties: { ...Properties, RotateImmediatelyOnUpdate: false } } }))
      .toThrow('rotates at once');
  });
});

const DRAWN: [string, () => string][] = [['the choice', drawChoice], ['two users', drawTwoUsers]];

test.each(DRAWN)('the picture of %s says in a description what it shows', (_, drawing) => {
  const drawn = drawing();
  expect(/<desc>([^<]{200,})<\/desc>/.exec(drawn)?.[1]).toContain('Rotation.alternatingUsers()');
  expect(drawn).toContain('prefers-color-scheme:dark');
});
