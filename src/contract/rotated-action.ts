/** Names of the environment variables of the function that acts after rotations. */
export const ActionsEnvironment = {
  /** JSON array of {@link RotatedActionFacts}. */
  ACTIONS: 'ROTATED_ACTIONS',
  /** Name of the parameter in which the function remembers what it has acted on. */
  MEMORY: 'ROTATED_MEMORY',
  /** URL of the queue that the function is invoked by. */
  QUEUE: 'ROTATED_QUEUE',
  /** URL of the queue that failures go to. */
  FAILURES: 'ROTATED_FAILURES',
} as const;

/** What is done, each by one call of an API. */
export const ROTATED_ACTIONS = [
  'forceNewDeployment', 'updateFunctionConfiguration', 'startInstanceRefresh', 'sendCommand', 'startExecution',
  'restartDeployment', 'refreshExternalSecret',
] as const;

/** Name of something that is done after a rotation. */
export type RotatedActionName = typeof ROTATED_ACTIONS[number];

/** Something that is done to one consumer once any of its secrets has another current version. */
export interface RotatedActionFacts {
  /** Distinguishes it among those of a function: letters, digits, hyphens. */
  readonly id: string;
  readonly action: RotatedActionName;
  /** ARN of the service, function or state machine; name of the group, the document or the Amazon EKS cluster. */
  readonly target: string;
  /** ARNs or names of the secrets. */
  readonly secrets: readonly string[];
  /** Share of a group that stays in service, in percent. @default - the service's own */
  readonly minHealthyPercentage?: number;
  /** Tag of the instances that a command is sent to. */
  readonly instances?: { readonly key: string; readonly value: string };
  /** The object in the cluster. */
  readonly object?: { readonly namespace: string; readonly name: string };
  /** Parameters of a command's document. @default - none */
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
}

/** The message by which the function has itself look again later, for each consumer when that was first put off. */
export interface PutOff {
  /** Milliseconds since the epoch, by id. */
  readonly again: Readonly<Record<string, number>>;
  /** Makes two messages different, which the queue would take for one. */
  readonly sentAt: number;
}
