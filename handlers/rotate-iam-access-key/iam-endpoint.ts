import { serviceEndpoint } from '../aws/service-endpoint';

/** IAM is a service of the whole partition: where it is, by the prefix of the partition's Regions, and the Region to sign for. */
const PARTITIONS: readonly (readonly [prefix: string, host: string, region: string])[] = [
  ['cn-', 'iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['us-gov-', 'iam.us-gov.amazonaws.com', 'us-gov-west-1'],
  ['us-isob-', 'iam.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1'],
  ['us-isof-', 'iam.us-isof-south-1.csp.hci.ic.gov', 'us-isof-south-1'],
  ['us-iso-', 'iam.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
  ['eu-isoe-', 'iam.eu-isoe-west-1.cloud.adc-e.uk', 'eu-isoe-west-1'],
  ['eusc-', 'iam.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
  ['', 'iam.amazonaws.com', 'us-east-1'],
];

/** Where IAM is called from a Region. */
export interface IamEndpoint {
  readonly url: URL;
  readonly region: string;
}

/**
 * The endpoint of IAM for the functions of a Region.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/iam-service.html
 */
export function iamEndpoint(functionRegion: string, endpoint?: string): IamEndpoint {
  const [, host, region] = PARTITIONS.find(([prefix]) => functionRegion.startsWith(prefix))!;
  return { url: serviceEndpoint({ name: 'AWS IAM', prefix: 'iam', region, endpoint: endpoint ?? `https://${host}` }), region };
}
