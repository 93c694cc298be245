import type { IInterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import type { EndpointChoice } from './private/network-facts';

/**
 * How a rotation function in a VPC reaches AWS Secrets Manager.
 *
 * An interface endpoint costs roughly 7 USD a month in each Availability Zone of its subnets (US East, November 2026; up to
 * twice as much in other Regions), and a little for the data.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html
 * @see https://aws.amazon.com/privatelink/pricing/
 *
 * @example
 * RotationNetwork.of({ vpc, endpoint: SecretsManagerEndpoint.forVpc() });
 */
export class SecretsManagerEndpoint {
  /**
   * An interface endpoint for the rotation functions of one platform and nobody else.
   *
   * It has no private DNS: name resolution in the VPC stays as it is. Only the functions' security groups reach it, and its
   * policy allows what a rotation does on secrets of the account. One for each VPC of a platform: roughly 7 USD a month and
   * Availability Zone.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
   */
  static forRotationOnly(): SecretsManagerEndpoint {
    return new SecretsManagerEndpoint({ kind: 'rotationOnly' });
  }

  /**
   * An interface endpoint for everything in the VPC: applications and rotation functions.
   *
   * Private DNS sends every call to Secrets Manager in the VPC through it. It lets in HTTPS from the VPC's first address range
   * (for further ranges add rules to the endpoint's `connections`), and its policy allows any action to principals of the
   * account on secrets of the account. Principals of other accounts, in a shared VPC for example, are refused, and so are secrets
   * of other accounts, where a value could be carried off to: for an app that reads some, make an endpoint yourself and give it
   * with `SecretsManagerEndpoint.existing(endpoint)`. The VPC needs DNS support and DNS host names. There is at most one in a
   * VPC: roughly 7 USD a month and Availability Zone.
   *
   * The VPC must be defined in the app or be imported with its address range, and its owner must be this account.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html#enable-private-dns-names
   */
  static forVpc(): SecretsManagerEndpoint {
    return new SecretsManagerEndpoint({ kind: 'vpc' });
  }

  /**
   * An interface endpoint that exists, with private DNS: one made elsewhere in the app, or imported.
   *
   * Its security groups let the functions in by rules that are added to them. An endpoint imported without its security groups
   * must let HTTPS from the subnets in already. Its policy must allow `secretsmanager:DescribeSecret`, `GetSecretValue`,
   * `PutSecretValue`, `UpdateSecretVersionStage` and `ListSecretVersionIds`. Adds no cost.
   *
   * @param endpoint the endpoint for `com.amazonaws.<region>.secretsmanager` in the VPC of the network.
   * @throws where an endpoint of the app is for another service, has no private DNS or is in another VPC.
   * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
   */
  static existing(endpoint: IInterfaceVpcEndpoint): SecretsManagerEndpoint {
    return new SecretsManagerEndpoint({ kind: 'existing', endpoint });
  }

  /**
   * No endpoint: the subnets have a route to the Region's public endpoint through a NAT gateway, a transit gateway or a
   * transparent proxy.
   *
   * The functions may open HTTPS connections to any address. Adds no cost beyond that of the route.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
   */
  static natOrProxy(): SecretsManagerEndpoint {
    return new SecretsManagerEndpoint({ kind: 'natOrProxy' });
  }

  /** @internal */
  readonly _choice: EndpointChoice;

  private constructor(choice: EndpointChoice) {
    this._choice = choice;
  }
}
