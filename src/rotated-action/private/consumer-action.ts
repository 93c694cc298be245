import type { IRole, PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { IResource } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { RotatedActionFacts, RotatedActionName } from '../../contract/rotated-action';

/** What a function has to know, and to be allowed, to act on one consumer. */
export interface BoundAction {
  readonly facts: Omit<RotatedActionFacts, 'id' | 'action' | 'secrets'>;
  /** Lets the function in where IAM does not decide, by its role. */
  readonly admit?: (role: IRole) => void;
  readonly statements: readonly Required<Pick<PolicyStatementProps, 'sid' | 'actions' | 'resources' | 'conditions'>>[];
}

/** Something that is done to one consumer. */
export interface ConsumerAction {
  readonly name: RotatedActionName;
  /** The consumer, whose stack the action is in. @default - the action is in the stack of the secret */
  readonly consumer?: IResource;
  /** For those who read logs. @default - the id of the consumer, or the name of the action */
  readonly label?: string;
  /** What is the same for two actions on the same consumer. */
  readonly identity: (home: IConstruct) => string;
  /** Refuses what could not be done. */
  readonly check?: (scope: IConstruct) => void;
  /** What it is in the account and Region of a construct. */
  readonly bind: (home: IConstruct) => BoundAction;
}
