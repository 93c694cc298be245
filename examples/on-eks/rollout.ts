import { CfnAccessEntry, type ICluster } from 'aws-cdk-lib/aws-eks';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, JsonPath, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { EksCall, HttpMethods } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface RolloutProps {
  readonly cluster: ICluster;
  readonly namespace: string;
  /** Name of the deployment. */
  readonly deployment: string;
}

/** Replaces the pods of a deployment, as `kubectl rollout restart` does. */
export class Rollout extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { cluster, namespace, deployment }: RolloutProps) {
    super(scope, id);
    const annotations = { 'kubectl.kubernetes.io/restartedAt': JsonPath.stringAt('$$.Execution.StartTime') };
    const restart = new EksCall(this, 'Restart', {
      cluster,
      httpMethod: HttpMethods.PATCH,
      httpPath: `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`,
      requestBody: TaskInput.fromObject({ spec: { template: { metadata: { annotations } } } }),
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(restart),
      role: new Role(this, 'Role', {
        assumedBy: new ServicePrincipal('states.amazonaws.com', {
          conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
        }),
      }),
    });
    this.allow(cluster, namespace, deployment);
  }

  /** Lets the state machine change this one deployment, and nothing else in the cluster. */
  private allow(cluster: ICluster, namespace: string, deployment: string): void {
    const name = `${deployment}-rollout`;
    new CfnAccessEntry(this, 'AccessEntry', {
      clusterName: cluster.clusterName, principalArn: this.stateMachine.role.roleArn, kubernetesGroups: [name],
    });
    cluster.addManifest('RolloutAccess', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name, namespace },
      rules: [{ apiGroups: ['apps'], resources: ['deployments'], resourceNames: [deployment], verbs: ['patch'] }],
    }, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name }],
    });
  }
}
