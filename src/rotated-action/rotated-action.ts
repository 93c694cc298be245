import type { IAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import type { IService } from 'aws-cdk-lib/aws-ecs';
import type { ICluster } from 'aws-cdk-lib/aws-eks';
import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { ConsumerAction } from './private/consumer-action';
import { command, execution, newDeployment, newEnvironments, newInstances } from './private/consumer-actions';
import { refreshedExternalSecret, restartedDeployment } from './private/kubernetes-actions';
import type { InstanceRefreshOptions, KubernetesObjectOptions, SendCommandOptions } from './rotated-action-options';

/** What is done: by the function of this library, or by EventBridge itself. */
type RotatedActionChoice = { readonly action: ConsumerAction } | { readonly target: IRuleTarget };

/**
 * What is done once a secret has a new value: it is rotated, or somebody gives it another one.
 *
 * A consumer that reads several secrets is acted on once for all that change within 20 seconds, as far as one function has room
 * for them. It is looked at every hour as well, so that an event that was never delivered costs an hour at most.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html
 *
 * @example
 * creds.onRotated('Orders', RotatedAction.forceNewDeployment(orders));
 */
export class RotatedAction {
  /**
   * Deploys an Amazon ECS service again, so that new tasks take the place of those that have read the former value. The service
   * deploys with its own settings: health checks, shares, circuit breaker.
   *
   * @param service a service of Amazon EC2 or AWS Fargate, with the deployment controller `ECS`.
   * @throws where another controller deploys the service, or its ARN does not name its cluster.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-console-v2.html
   */
  static forceNewDeployment(service: IService): RotatedAction {
    return new RotatedAction({ action: newDeployment(service) });
  }

  /**
   * Changes the end of a function's description, so that AWS Lambda serves the next calls with new execution environments, which
   * read the secret again. A call that is running ends undisturbed.
   *
   * @param consumer a function that is called without a version or an alias.
   * @throws where it is a version or an alias.
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
   */
  static replaceExecutionEnvironments(consumer: IFunction): RotatedAction {
    return new RotatedAction({ action: newEnvironments(consumer) });
  }

  /**
   * Replaces the instances of an Amazon EC2 Auto Scaling group, a few at a time. Where a refresh is going on already, another
   * follows it.
   *
   * @param group the group.
   * @param options how much of it stays in service.
   * @throws where the share is not 0 to 100.
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
   */
  static startInstanceRefresh(group: IAutoScalingGroup, options: InstanceRefreshOptions = {}): RotatedAction {
    return new RotatedAction({ action: newInstances(group, options) });
  }

  /**
   * Runs a document of AWS Systems Manager on instances, such as one that has the AWS Workload Credentials Provider read the
   * secret again, or that reloads a service.
   *
   * @param documentName name of a command document of the account. Those of AWS, whose names begin with `AWS` or `Amazon`, are
   * refused: some run any command that they are given.
   * @param options which instances.
   * @throws where the document is one of AWS's, or the tag is too long.
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html
   */
  static sendCommand(documentName: string, options: SendCommandOptions): RotatedAction {
    return new RotatedAction({ action: command(documentName, options) });
  }

  /**
   * Starts a state machine, whose input has the secrets and their versions: `{ "secrets": [{ "secret", "versionId" }] }`. A
   * standard one runs once each time that versions become current.
   *
   * @param stateMachine the state machine.
   * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   */
  static startExecution(stateMachine: IStateMachine): RotatedAction {
    return new RotatedAction({ action: execution(stateMachine) });
  }

  /**
   * Restarts a deployment in an Amazon EKS cluster, as `kubectl rollout restart` does: an annotation of its pods gets another
   * value.
   *
   * The function gets an access entry of the cluster, and a role in Kubernetes that may patch this one deployment. It calls the
   * public endpoint of the cluster.
   *
   * @param cluster a cluster with access entries, whose public endpoint takes connections from everywhere.
   * @param deployment its name, and its namespace.
   * @throws for names that Kubernetes refuses, and where the cluster has no access entries.
   * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_restart/
   */
  static restartDeployment(cluster: ICluster, deployment: KubernetesObjectOptions): RotatedAction {
    return new RotatedAction({ action: restartedDeployment(cluster, deployment) });
  }

  /**
   * Has the operator External Secrets read a secret again, by the annotation `force-sync` of an `ExternalSecret` in an Amazon EKS
   * cluster. Pods that have the copy in their environment keep the former value until they start again.
   *
   * The function gets an access entry of the cluster, and a role in Kubernetes that may patch this one object. It calls the
   * public endpoint of the cluster.
   *
   * @param cluster a cluster with access entries, whose public endpoint takes connections from everywhere.
   * @param externalSecret its name, and its namespace.
   * @throws for names that Kubernetes refuses, and where the cluster has no access entries.
   * @see https://external-secrets.io/latest/introduction/faq/
   */
  static refreshExternalSecret(cluster: ICluster, externalSecret: KubernetesObjectOptions): RotatedAction {
    return new RotatedAction({ action: refreshedExternalSecret(cluster, externalSecret) });
  }

  /**
   * Hands the events themselves to any target of EventBridge, as it sends them: at least once, best effort, one for each secret.
   * Nothing is put together, tried again after a day or looked at every hour.
   *
   * A rule is made for the target, and one more for about each 15 secrets. An event bus takes 300 rules, a quota that can be
   * raised.
   *
   * @param target the target.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
   */
  static eventTarget(target: IRuleTarget): RotatedAction {
    return new RotatedAction({ target });
  }

  /** @internal */
  readonly _rotated: RotatedActionChoice;

  private constructor(choice: RotatedActionChoice) {
    this._rotated = choice;
  }
}
