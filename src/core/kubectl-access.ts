import type { ICluster } from 'aws-cdk-lib/aws-eks';
import { ConflictError } from './errors';

/** Refuses a cluster of another app in which the AWS CDK can make no objects. It would say so as well, without the cluster. */
export function requireKubectl(cluster: ICluster): void {
  if (cluster.kubectlProvider === undefined && cluster.kubectlRole === undefined) {
    throw new ConflictError(cluster, 'the AWS CDK cannot make objects in the imported cluster',
      'import it with its `kubectlProvider`, or with the `kubectlRoleArn` and a `kubectlLayer`');
  }
}
