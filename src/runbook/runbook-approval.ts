import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/**
 * The agreement that a `RotationRunbook` needs before it changes anything.
 */
export interface RunbookApproval {
  /**
   * Topic that the request goes to: a standard topic whose name begins with `Automation`.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/running-automations-require-approvals.html
   */
  readonly topic: ITopic;

  /**
   * Users and roles that may agree: 1 to 10. They need `ssm:SendAutomationSignal` as well. AWS Systems Manager does not look who
   * has started what they agree to, so that nobody among them should be able to start it.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html
   */
  readonly approvers: IPrincipal[];

  /**
   * How many of them have to agree, within an hour: 1 to as many as there are.
   *
   * @default 1
   */
  readonly requiredApprovals?: number;
}
