import { endpointOf } from '../../../handlers/aws/secrets-manager-client';

test.each([
  ['eu-west-1', 'secretsmanager.eu-west-1.amazonaws.com'], ['us-gov-west-1', 'secretsmanager.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'secretsmanager.cn-north-1.amazonaws.com.cn'], ['us-iso-east-1', 'secretsmanager.us-iso-east-1.c2s.ic.gov'],
  ['us-isob-east-1', 'secretsmanager.us-isob-east-1.sc2s.sgov.gov'],
  ['us-isof-south-1', 'secretsmanager.us-isof-south-1.csp.hci.ic.gov'],
  ['eu-isoe-west-1', 'secretsmanager.eu-isoe-west-1.cloud.adc-e.uk'],
  ['eusc-de-east-1', 'secretsmanager.eusc-de-east-1.amazonaws.eu'],
])('of %s is %s', (region, host) => {
  expect(endpointOf(region)).toMatchObject({ protocol: 'https:', host });
});

test.each([
  'https://vpce-1.secretsmanager.eu-west-1.vpce.amazonaws.com',
  'http://localhost:5000',
  'http://127.0.0.1:5000',
  'http://127.9.9.9',
  'http://[::1]:5000',
])('may be %s', (endpoint) => {
  expect(endpointOf('eu-west-1', endpoint).href).toBe(`${endpoint}/`);
});

test.each([
  'http://secretsmanager.eu-west-1.amazonaws.com',
  'http://localhost.attacker.example',
  'http://128.0.0.1',
  'http://127.0.0.1.attacker.example',
  'ftp://localhost',
  'x',
  '',
])('may not be %j', (endpoint) => {
  expect(() => endpointOf('eu-west-1', endpoint)).toThrow('configuration: the Secrets Manager endpoint is not an https:// URL');
});
