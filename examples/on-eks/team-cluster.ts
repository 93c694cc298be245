/**
 * A cluster that others keep, as they describe it. It has the Secrets Store CSI driver, its provider for AWS, and the agent of
 * EKS Pod Identity.
 */
export interface TeamCluster {
  readonly clusterName: string;
  /** Public: AWS Step Functions calls it. */
  readonly endpoint: string;
  /** The certificate of its authority, in base64: no secret. */
  readonly certificateAuthority: string;
  /** The namespace for this application. */
  readonly namespace: string;
  /** The function of the AWS CDK that makes objects in the cluster, and the roles that it runs as and acts by. */
  readonly kubectlFunctionArn: string;
  readonly kubectlHandlerRoleArn: string;
  readonly kubectlRoleArn: string;
  readonly vpcId: string;
  readonly availabilityZones: string[];
  /** Subnets for databases. */
  readonly isolatedSubnetIds: string[];
  readonly isolatedSubnetRouteTableIds: string[];
  /** Of the nodes, which pods share. */
  readonly nodeSecurityGroupId: string;
}

/** What a team is given: put in what you are given instead. */
export const TEAM_CLUSTER: TeamCluster = {
  clusterName: 'team',
  endpoint: 'https://0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com',
  certificateAuthority: 'LS0tLS1CRUdJTi...',
  namespace: 'personnel',
  kubectlFunctionArn: 'arn:aws:lambda:us-east-1:111111111111:function:team-kubectl',
  kubectlHandlerRoleArn: 'arn:aws:iam::111111111111:role/team-kubectl-handler',
  kubectlRoleArn: 'arn:aws:iam::111111111111:role/team-kubectl',
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['us-east-1a', 'us-east-1b'],
  isolatedSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  isolatedSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
  nodeSecurityGroupId: 'sg-0123456789abcdef0',
};
