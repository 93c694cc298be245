import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { DatabaseConnectionOptions } from './database-target-options';

/** What may be said about an Amazon Redshift cluster or workgroup beyond what its resource knows. */
export interface RedshiftTargetOptions extends DatabaseConnectionOptions {
  /**
   * The security groups of the cluster or workgroup, which its resource knows by id only. The functions are let in by rules that are added to them.
   *
   * @default - none: the network's own security group reaches it, or it is publicly accessible
   */
  readonly securityGroups?: ISecurityGroup[];
}
