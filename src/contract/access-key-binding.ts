/** One IAM user whose access keys a function may change, and the secret that holds them. */
export interface AccessKeyBinding {
  /** ARN or name of the secret. */
  readonly secret: string;
  readonly userArn: string;
  /** For how many hours a key works, at the least, once another one is current. */
  readonly formerWorksForHours: number;
  /** JSON field of the access key ID. @default `accessKeyId` */
  readonly idField?: string;
  /** JSON field of the secret access key. @default `secretAccessKey` */
  readonly secretField?: string;
}

/** ARN of an IAM user, in any partition: its account, and its name, which is the user's own in the account whatever the path. */
export const IAM_USER_ARN = /^arn:aws[a-z-]{0,20}:iam::(\d{12}):user\/(?:[!-~]{0,510}\/)?([\w+=,.@-]{1,64})$/;
