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
