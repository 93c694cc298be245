/**
 * Properties of an instance refresh after a rotation.
 */
export interface InstanceRefreshOptions {
  /**
   * How much of the group stays in service while instances are replaced, in percent of its desired capacity: 0 to 100.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
   * @default - that of Amazon EC2 Auto Scaling: the group's instance maintenance policy, or 90
   */
  readonly minHealthyPercentage?: number;
}

/**
 * An object of Kubernetes that something is done to after a rotation.
 */
export interface KubernetesObjectOptions {
  /** Name of the object: 1 to 253 lower case letters, digits, `-` and `.`. */
  readonly name: string;

  /**
   * Namespace of the object, which has to be there before the stack is deployed: 1 to 63 lower case letters, digits and `-`.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   * @default default
   */
  readonly namespace?: string;
}

/**
 * A tag of instances.
 */
export interface InstanceTag {
  /** Key of the tag: 1 to 128 characters. */
  readonly key: string;

  /** Value of the tag: 1 to 256 characters. */
  readonly value: string;
}

/**
 * Properties of a command after a rotation.
 */
export interface SendCommandOptions {
  /**
   * The instances that run the document: those that carry this tag, in the account and Region, managed by AWS Systems Manager.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/managed-instances.html
   */
  readonly instanceTag: InstanceTag;

  /**
   * Values for the parameters of the document. They are in the configuration of a function: give names of secrets, never a value.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string[] };
}
