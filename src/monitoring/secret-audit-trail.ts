import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { AnyPrincipal, Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { requireInEnvironment } from '../core/in-environment';
import { claimOnce } from '../core/once';
import { requireArguments } from '../core/require-shape';

/**
 * Properties of {@link SecretAuditTrail}.
 */
export interface SecretAuditTrailProps {
  /**
   * Log group that gets the events as well, for metric filters and for the Security Hub control CloudTrail.5.
   * CloudWatch Logs charges for what it takes in and keeps.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
   * @default - the events go to the bucket only
   */
  readonly logGroup?: ILogGroup;
}

/**
 * A trail for an account that has none: who read, changed, rotated or deleted which secret, and who used its key.
 *
 * It covers every Region and all management events, reads and writes (a trail cannot be narrowed to secrets), validates its log
 * files and encrypts them with a key of its own, in a bucket that refuses public and unencrypted access. The trail also makes the
 * events exist that `SecretMonitoring.rotationFailure({ topic })` sends on. Bucket, access log and key stay when the stack is
 * deleted.
 *
 * One trail per account is enough, and one of the organization counts: AWS delivers the first copy of the management events of
 * each Region free of charge and charges about 2 USD per 100,000 events for every further copy. The key costs about 1 USD a month
 * (each rotation of its material adds as much, up to two); Amazon S3 charges for what the trail stores, which nothing here
 * deletes.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieve-ct-entries.html
 *
 * @example
 * import { SecretAuditTrail } from 'cdk-secretsmanager-patterns';
 *
 * new SecretAuditTrail(this, 'Trail');
 */
export class SecretAuditTrail extends Construct {
  /**
   * ARN of the trail.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
   */
  readonly trailArn: string;

  /**
   * The bucket that holds the log files.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
   */
  readonly bucket: IBucket;

  /**
   * The key that encrypts the log files: a reader needs `kms:Decrypt` on it.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
   */
  readonly encryptionKey: IKey;

  /**
   * Makes the trail, with its key and its bucket.
   *
   * @throws where the app has another trail for the same account, and for a log group of another account or Region.
   */
  constructor(scope: Construct, id: string, props: SecretAuditTrailProps = {}) {
    super(scope, id);
    requireArguments(this, 'SecretAuditTrail', [scope, id, props]);
    claimOnce(this, {
      what: 'audit trail',
      extent: 'account',
      remedy: 'keep one SecretAuditTrail: it covers every Region of the account',
    });

    if (props.logGroup) {
      requireInEnvironment({
        scope: this,
        property: 'logGroup',
        remedy: 'give a log group that is made beside the trail: AWS CloudTrail takes no other',
      }, props.logGroup, props.logGroup.env, ['account', 'region']);
    }

    // The policies of key and bucket name the trail, and the trail needs both: its name is known first.
    const trailName = Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    this.trailArn = Stack.of(this).formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName });
    this.encryptionKey = this.createKey();
    const bucket = this.createBucket();
    this.bucket = bucket;

    const trail = new CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      eventSelectors: [{ includeManagementEvents: true, readWriteType: 'All' }],
      kmsKeyId: this.encryptionKey.keyArn,
      s3BucketName: bucket.bucketName,
      cloudWatchLogsLogGroupArn: props.logGroup?.logGroupArn,
      cloudWatchLogsRoleArn: props.logGroup && this.createLogRole(props.logGroup).roleArn,
    });
    // The bucket includes its policy, which CloudTrail tests before it accepts the trail.
    trail.node.addDependency(bucket);
  }

  private createKey(): Key {
    const key = new Key(this, 'Key', {
      description: 'Encrypts the audit trail of secrets',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const cloudTrail = { principals: [this.cloudTrail()], resources: ['*'] };
    key.addToResourcePolicy(new PolicyStatement({ ...cloudTrail, actions: ['kms:DescribeKey'] }));
    key.addToResourcePolicy(new PolicyStatement({
      ...cloudTrail,
      actions: ['kms:GenerateDataKey*'],
      conditions: {
        StringLike: {
          'kms:EncryptionContext:aws:cloudtrail:arn': Stack.of(this).formatArn({
            service: 'cloudtrail',
            region: '*',
            resource: 'trail',
            resourceName: '*',
          }),
        },
      },
    }));
    key.addToResourcePolicy(new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    }));
    return key;
  }

  private createBucket(): Bucket {
    const shared = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      versioned: true,
    };
    const bucket = new Bucket(this, 'Bucket', { ...shared, encryption: BucketEncryption.KMS, encryptionKey: this.encryptionKey });
    bucket.addToResourcePolicy(new PolicyStatement({
      principals: [this.cloudTrail()],
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
    }));
    bucket.addToResourcePolicy(new PolicyStatement({
      principals: [this.cloudTrail()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(this).account}/*`)],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }));

    // Amazon S3 delivers access logs only to a bucket that uses its own keys.
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...shared,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(30) }],
    });
    accessLogs.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [accessLogs.arnForObjects('*')],
      conditions: {
        StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        ArnLike: { 'aws:SourceArn': bucket.bucketArn },
      },
    }));
    // Set here and not through the bucket's properties, which, depending on a feature flag of the app, would use an ACL that is
    // turned off.
    (bucket.node.defaultChild as CfnBucket).loggingConfiguration = { destinationBucketName: accessLogs.bucketName };
    return bucket;
  }

  private createLogRole(logGroup: ILogGroup): Role {
    return new Role(this, 'LogRole', {
      description: 'Lets CloudTrail write the audit trail of secrets to CloudWatch Logs',
      // No condition: CloudTrail documents none for this role, and only a principal of the account can pass it.
      assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com'),
      managedPolicies: [new ManagedPolicy(this, 'LogPolicy', {
        statements: [
          new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
        ],
      })],
    });
  }

  /** CloudTrail, but only on behalf of this trail. */
  private cloudTrail(): ServicePrincipal {
    return new ServicePrincipal('cloudtrail.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceArn': this.trailArn } } });
  }
}
