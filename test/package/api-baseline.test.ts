import { baselineApi, breaksBetween, presentApi } from '../../scripts/api-baseline';

const ROTATION = 'cdk-secretsmanager-patterns.Rotation';
const PROPS = 'cdk-secretsmanager-patterns.HardenedSecretProps';

test('the API breaks nothing that the baseline allowed: else npm run compat -- --store, and a new major version', () => {
  expect(breaksBetween(baselineApi(), presentApi())).toBe('');
});

test('a method that is gone and a property that has become necessary are breaks', () => {
  const broken = baselineApi();
  const rotation = broken.types[ROTATION];
  rotation.methods = rotation.methods?.filter(({ name }) => name !== 'singleUser');
  broken.types[PROPS].properties?.push({ name: 'necessary', type: { primitive: 'string' }, abstract: true, immutable: true });
  const breaks = breaksBetween(baselineApi(), broken);
  expect(breaks).toContain(`METHOD ${ROTATION}.singleUser: has been removed`);
  expect(breaks).toContain(`IFACE ${PROPS}: newly required property 'necessary' added`);
  expect(breaks.match(/^err /gm)).toHaveLength(2);
});
