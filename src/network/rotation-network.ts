import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { type NetworkFacts, resolveNetwork } from './private/network-facts';
import type { SecretsManagerEndpoint } from './secrets-manager-endpoint';

/**
 * The network that rotation functions run in.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-network-rqmts.html
 */
export interface RotationNetworkOptions {
  /** The VPC. It reaches the database: its own, or one connected to it. */
  readonly vpc: IVpc;

  /**
   * Subnets of the functions. Public subnets are refused: a function there gets no public address.
   *
   * @default - the private subnets with egress where the VPC has such, else the isolated subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * How the functions reach Secrets Manager. Required where VPC or subnets are imported.
   *
   * @default - `SecretsManagerEndpoint.forRotationOnly()` in isolated subnets, `SecretsManagerEndpoint.natOrProxy()` in subnets
   *   with egress
   */
  readonly endpoint?: SecretsManagerEndpoint;

  /**
   * Security group of the functions. Rules to the databases and to the endpoint are added as resources of their own.
   *
   * Two databases with one security group in common, behind one group of functions, need different literal ports:
   * CloudFormation cannot make the same rule twice.
   *
   * @default - a group of its own for the functions, with the rules they need
   */
  readonly securityGroup?: ISecurityGroup;
}

/**
 * Where rotation functions run: VPC, subnets, and the way to AWS Secrets Manager.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-network-rqmts.html
 *
 * @example
 * const network = RotationNetwork.of({ vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } });
 * new SecretsPlatform(this, 'Secrets', { defaults: { network } });
 */
export class RotationNetwork {
  /**
   * A network in a VPC.
   *
   * @param options the VPC, and what differs from the defaults.
   * @throws where the subnets are public, where an imported VPC or subnet comes without a choice of the endpoint, and where
   *   isolated subnets have none.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  static of(options: RotationNetworkOptions): RotationNetwork {
    return new RotationNetwork(resolveNetwork(options.vpc, { ...options, endpoint: options.endpoint?._choice }));
  }

  /** @internal */
  readonly _facts: NetworkFacts;

  private constructor(facts: NetworkFacts) {
    this._facts = facts;
  }
}
