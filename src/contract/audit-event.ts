/** The constant event with which the daily audit runs a rotation function. */
export interface AuditEvent {
  readonly audit: ExpectedSecret[];
  /** Absent where there are none. */
  readonly reviews?: ExpectedReview[];
}

/** When somebody has to look at the decision not to rotate a secret. */
export interface ExpectedReview {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** The last day, of the form `2027-03-31`, in UTC. */
  readonly reviewBy: string;
}

/** What must be true of a secret that rotates. */
export interface ExpectedSecret {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** Longest time between two rotations, in hours, grace included. */
  readonly rotatesWithinHours: number;
  /** ARN of the key that encrypts it, `customer` for any customer managed key, absent for any key. */
  readonly key?: string;
  /** Regions whose replicas must be in sync. */
  readonly replicaRegions?: string[];
}
