import { iamEndpoint } from '../../../handlers/rotate-iam-access-key/iam-endpoint';

/** As botocore has them. */
test.each([
  ['us-east-1', 'iam.amazonaws.com', 'us-east-1'],
  ['eu-west-1', 'iam.amazonaws.com', 'us-east-1'],
  ['cn-northwest-1', 'iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['us-gov-east-1', 'iam.us-gov.amazonaws.com', 'us-gov-west-1'],
  ['us-iso-west-1', 'iam.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
  ['us-isob-east-1', 'iam.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1'],
  ['us-isof-south-1', 'iam.us-isof-south-1.csp.hci.ic.gov', 'us-isof-south-1'],
  ['eu-isoe-west-1', 'iam.eu-isoe-west-1.cloud.adc-e.uk', 'eu-isoe-west-1'],
  ['eusc-de-east-1', 'iam.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
])('from %s IAM is called at %s, signed for %s', (functionRegion, host, region) => {
  const found = iamEndpoint(functionRegion);
  expect([found.url.href, found.region]).toEqual([`https://${host}/`, region]);
});
