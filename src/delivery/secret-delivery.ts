import type { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import type { EcsJobDefinition } from 'aws-cdk-lib/aws-batch';
import type { Project } from 'aws-cdk-lib/aws-codebuild';
import type { Instance } from 'aws-cdk-lib/aws-ec2';
import type { ContainerDefinition } from 'aws-cdk-lib/aws-ecs';
import type { ICluster } from 'aws-cdk-lib/aws-eks';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type {
  BuildVariableOptions, ContainerInjectionOptions, CsiDriverOptions, ExternalSecretOptions, LambdaExtensionOptions,
  RuntimeReadOptions, WorkloadCredentialsProviderOptions,
} from './delivery-options';
import { addBuildVariable } from './private/build-variable';
import { injectInto } from './private/container-injection';
import { provideOn } from './private/credentials-provider';
import { tell } from './private/delivered-variables';
import { injectIntoJobs, tellJobs } from './private/job-definition';
import { copyIntoCluster, mountInCluster } from './private/kubernetes-objects';
import { readByExtension } from './private/lambda-extension';
import { containerConsumer, functionConsumer } from './private/variables-of';
import { ServiceDelivery } from './service-delivery';
import { requireSecret } from '../core/require-secret';
import { SecretGrants } from '../secret/secret-grants';

/**
 * Ways for applications to get the value of a secret: each method grants what the consumer needs, key included, tells it where
 * the secret is, and sets its cache by what the secret's rotation does to the former value. A function, ECS task or instance in
 * isolated subnets without a way to Secrets Manager is a warning at synthesis.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html
 *
 * @example
 * secret.delivery.toLambda(myCustomApp, { environmentVariable: 'DATABASE_SECRET_ARN' });
 * SecretDelivery.fromSecret(existing).injectIntoContainer(container, { environmentVariable: 'API_KEY', field: 'key' });
 */
export class SecretDelivery extends ServiceDelivery {
  /**
   * The ways to get the value of a secret. Where its rotation is not known, the former value is expected to be refused.
   *
   * @param secret a secret of the app, or an imported one. A `HardenedSecret` is passed as `x.secret`.
   */
  static fromSecret(secret: ISecret): SecretDelivery {
    return new SecretDelivery(requireSecret('SecretDelivery.fromSecret(secret)', secret));
  }

  private constructor(secret: ISecret) {
    super(secret);
  }

  /**
   * Lets a function read the secret at run time, with the AWS SDK or a client that keeps the value, such as `CachedSecret` of
   * `cdk-secretsmanager-patterns/secret-client`.
   * At a rotation: the client reads again when its time is over, or when a login is refused.
   *
   * @param fn a function of the app.
   * @param options the variable with the secret's ARN.
   * @throws where the function has the variable already, for something else, or the grant would have no effect.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets-javascript.html
   */
  toLambda(fn: LambdaFunction, options: RuntimeReadOptions = {}): void {
    tell(functionConsumer(fn, 'toLambda'), this.secret, options, (name, value) => fn.addEnvironment(name, value));
    SecretGrants.fromSecret(this.secret).read(fn);
  }

  /**
   * Lets a function read the secret through the AWS Parameters and Secrets Lambda Extension, at `localhost:2773`, without an SDK.
   *
   * The extension keeps values, and cannot be told to forget one. So its cache is off where a rotation makes the former value
   * invalid, and at its longest, 300 seconds, where that works on; synthesis says which. A function that is made with
   * `paramsAndSecrets` has the extension already: use `toLambda()`.
   *
   * At a rotation: with alternating users nothing; with a single user the function reads again when a login is refused.
   *
   * @param fn a function of the app, with a runtime in a .zip file: images bring their extensions along.
   * @param options the variable with the secret's ARN, the layer and its cache.
   * @throws where the secret is in another Region, the function has the variable or settings of the extension already, for
   *   something else, or the grant would have no effect.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
   */
  toLambdaExtension(fn: LambdaFunction, options: LambdaExtensionOptions = {}): void {
    readByExtension(fn, this.secret, options);
    SecretGrants.fromSecret(this.secret).read(fn);
  }

  /**
   * Lets a container read the secret at run time, by the role of its task.
   * At a rotation: the client reads again when its time is over, or when a login is refused. Nothing has to be redeployed.
   *
   * @param container a container of a task definition of the app.
   * @param options the variable with the secret's ARN.
   * @throws where the container has the variable already, for something else, or the grant would have no effect.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
   */
  toContainer(container: ContainerDefinition, options: RuntimeReadOptions = {}): void {
    tell(containerConsumer(container, 'toContainer'), this.secret, options, (...pair) => container.addEnvironment(...pair));
    SecretGrants.fromSecret(this.secret).read(container.taskDefinition.taskRole);
  }

  /**
   * Gives a container the value when it is started, as a variable: by the execution role, for programs that cannot read it
   * themselves. It is in the environment of the process, where whoever may look into the container sees it.
   *
   * At a rotation: tasks keep the value that they were started with. Redeploy the service before the former value ends; with a
   * single user it ends at once, which is a warning at synthesis.
   *
   * @param container a container of a task definition of the app.
   * @param options the variable, and a field of the value.
   * @throws where the container has the variable already, for something else, the value has no such field, or the grant would
   *   have no effect; at synthesis, where a password is given without the user's name, which changes with it.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
   */
  injectIntoContainer(container: ContainerDefinition, options: ContainerInjectionOptions = {}): void {
    injectInto(container, this.secret, options);
    SecretGrants.fromSecret(this.secret).read(container.taskDefinition.obtainExecutionRole());
  }

  /**
   * Lets jobs of AWS Batch read the secret at run time, by their job role: the way for jobs that outlive a rotation.
   * At a rotation: as with `toContainer()`.
   *
   * @param job a job definition of the app, whose container has a `jobRole`.
   * @param options the variable with the secret's ARN.
   * @throws where the container has no job role, has the variable already, or the grant would have no effect.
   * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html
   */
  toBatchJobDefinition(job: EcsJobDefinition, options: RuntimeReadOptions = {}): void {
    SecretGrants.fromSecret(this.secret).read(tellJobs(job, this.secret, options));
  }

  /**
   * Gives jobs of AWS Batch the value when their container is started, as `injectIntoContainer()` does.
   * At a rotation: jobs that run keep their value. With a single user that is refused from then on: a warning at synthesis.
   *
   * @param job a job definition of the app.
   * @param options the variable, and a field of the value.
   * @throws as `injectIntoContainer()` does.
   * @see https://docs.aws.amazon.com/batch/latest/userguide/specifying-sensitive-data-secrets.html
   */
  injectIntoBatchJobDefinition(job: EcsJobDefinition, options: ContainerInjectionOptions = {}): void {
    injectIntoJobs(job, this.secret, options);
    SecretGrants.fromSecret(this.secret).read(job.container.executionRole);
  }

  /**
   * Lets the programs of an Amazon EC2 instance read the secret at `localhost:2773`, from the AWS Workload Credentials Provider,
   * which its user data installs. The file `/etc/aws-workload-credentials-provider/secrets.env` has the variable.
   *
   * At a rotation: with a single user the program asks again when a login is refused. User data runs once: see the guide.
   *
   * @param instance an instance of the app with Linux, AWS CLI and `unzip`: Amazon Linux 2023 has them.
   * @param options the provider, who asks it, and its cache.
   * @throws where the image is not one of Linux, the secret is in another Region, its variable is another secret's, two secrets
   *   ask for different settings, or the grant would have no effect; at synthesis, where the user data exceeds 16 KB.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/workload-credentials-provider.html
   */
  toInstance(instance: Instance, options: WorkloadCredentialsProviderOptions): void {
    provideOn(instance, 'toInstance', this.secret, options);
    SecretGrants.fromSecret(this.secret).read(instance);
  }

  /**
   * The same for each instance of an Auto Scaling group, which needs user data of its own or of its launch template.
   * At a rotation: as with `toInstance()`. Instances that are there keep their settings until they are replaced.
   *
   * @param group a group of the app.
   * @param options the provider, who asks it, and its cache.
   * @throws as `toInstance()` does, and where the launch template is of another app, or has no role.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/workload-credentials-provider.html
   */
  toAutoScalingGroup(group: AutoScalingGroup, options: WorkloadCredentialsProviderOptions): void {
    provideOn(group, 'toAutoScalingGroup', this.secret, options);
    SecretGrants.fromSecret(this.secret).read(group);
  }

  /**
   * Lets pods mount the secret as a file: a `SecretProviderClass` for the Secrets Store CSI driver and its provider for AWS
   * (ASCP), which have to be in the cluster. Not for pods on Fargate.
   *
   * At a rotation: the file changes where the driver is installed with `enableSecretRotation` or `rotationPollInterval`, some
   * minutes later; a program has to read the file again.
   *
   * @param cluster the cluster; the object is a resource of its stack.
   * @param options the service account, the name of the object and of the file.
   * @throws for names that Kubernetes refuses or the cluster has for another secret, and where the grant would have no effect.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/integrating_ascp_csi.html
   */
  toCsiDriver(cluster: ICluster, options: CsiDriverOptions): void {
    mountInCluster(cluster, this.secret, options);
    SecretGrants.fromSecret(this.secret).read(options.serviceAccount);
  }

  /**
   * Has the operator External Secrets copy the secret into the cluster: a `SecretStore` and an `ExternalSecret`, whose fields are
   * those of the JSON object. The operator has to be in the cluster. The copy is readable for whoever may read secrets of the
   * namespace.
   *
   * At a rotation: the copy changes within the refresh interval, which is short where the former value is refused; pods that have
   * it in their environment have to be restarted.
   *
   * @param cluster the cluster; the objects are resources of its stack.
   * @param options the service account, the name of the objects and the interval.
   * @throws for names that Kubernetes refuses, for an interval under 10 seconds, where the value is a text, and where the grant
   *   would have no effect.
   * @see https://external-secrets.io/latest/provider/aws-secrets-manager/
   */
  toExternalSecrets(cluster: ICluster, options: ExternalSecretOptions): void {
    copyIntoCluster(cluster, this.secret, options);
    SecretGrants.fromSecret(this.secret).read(options.serviceAccount);
  }

  /**
   * Gives builds the value as a variable, which CodeBuild reads when a build begins and hides in logs.
   * At a rotation: the next build has the new value; one that is running keeps its own.
   *
   * @param project a project of the app.
   * @param options the variable, and a field of the value.
   * @throws where the project has the variable already, for something else, the value has no such field, or the grant would have
   *   no effect.
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager
   */
  toCodeBuildProject(project: Project, options: BuildVariableOptions = {}): void {
    addBuildVariable(project, this.secret, options);
    SecretGrants.fromSecret(this.secret).read(project);
  }
}
