import { Match, Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { App, Stack, Stage } from 'aws-cdk-lib/core';
import { ConflictError } from '../../src/core/errors';
import { SecretAuditTrail, type SecretAuditTrailProps } from '../../src/monitoring/secret-audit-trail';

function trailIn(stack: Stack, props?: SecretAuditTrailProps) {
  const trail = new SecretAuditTrail(stack, 'Audit', props);
  return { trail, template: Template.fromStack(stack), trailArn: stack.resolve(trail.trailArn) };
}

describe('SecretAuditTrail', () => {
  const newStack = (region?: string) =>
    new Stack(new App(), 'Stack', { env: region ? { account: '111111111111', region } : undefined });
  const cloudTrail = { Service: 'cloudtrail.amazonaws.com' };

  test('logs reads and writes of management events in every Region, validated and encrypted', () => {
    const { template } = trailIn(newStack());
    template.hasResource('AWS::CloudTrail::Trail', {
      Properties: {
        TrailName: 'Stack-Audit-9CF4CB89',
        IsLogging: true,
        IsMultiRegionTrail: true,
        IncludeGlobalServiceEvents: true,
        EnableLogFileValidation: true,
        EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
        KMSKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditKey'), 'Arn'] },
        S3BucketName: { Ref: Match.stringLikeRegexp('^AuditBucket') },
        CloudWatchLogsLogGroupArn: Match.absent(),
        CloudWatchLogsRoleArn: Match.absent(),
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^AuditBucketPolicy')]),
    });
  });

  test('names the trail in the policies before it exists', () => {
    const { trailArn } = trailIn(newStack());
    expect(trailArn).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudtrail:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' },
        ':trail/Stack-Audit-9CF4CB89']],
    });
  });

  test('the key rotates, stays, and lets CloudTrail use it for this trail only', () => {
    const { template, trailArn } = trailIn(newStack());
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        EnableKeyRotation: true,
        KeyPolicy: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: 'kms:DescribeKey',
              Principal: cloudTrail,
              Condition: { StringEquals: { 'aws:SourceArn': trailArn } },
            }),
            Match.objectLike({
              Action: 'kms:GenerateDataKey*',
              Principal: cloudTrail,
              Condition: {
                StringEquals: { 'aws:SourceArn': trailArn },
                StringLike: {
                  'kms:EncryptionContext:aws:cloudtrail:arn': {
                    'Fn::Join': [
                      '',
                      ['arn:', { Ref: 'AWS::Partition' }, ':cloudtrail:*:', { Ref: 'AWS::AccountId' }, ':trail/*'],
                    ],
                  },
                },
              },
            }),
            Match.objectLike({
              Effect: 'Deny',
              Action: 'kms:CreateGrant',
              Principal: { AWS: '*' },
              Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
            }),
          ]),
        },
      },
    });
  });

  test('the bucket is private, versioned, encrypted with the key, logged and retained', () => {
    const { template } = trailIn(newStack());
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        AccessControl: Match.absent(),
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditKey'), 'Arn'] },
            },
          }],
        },
        LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('^AuditAccessLogs') } },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
  });

  test('the bucket takes the logs of this trail and nothing without TLS', () => {
    const { template, trailArn } = trailIn(newStack());
    const bucketArn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditBucket'), 'Arn'] };
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^AuditBucket') },
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
          {
            Effect: 'Allow',
            Action: 's3:GetBucketAcl',
            Principal: cloudTrail,
            Resource: bucketArn,
            Condition: { StringEquals: { 'aws:SourceArn': trailArn } },
          },
          {
            Effect: 'Allow',
            Action: 's3:PutObject',
            Principal: cloudTrail,
            Resource: { 'Fn::Join': ['', [bucketArn, '/AWSLogs/', { Ref: 'AWS::AccountId' }, '/*']] },
            Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': trailArn } },
          },
        ],
      },
    });
  });

  test.each([[true], [false]])('access logs reach their bucket by its policy, whatever the feature flag says: %s', (flag) => {
    const stack = new Stack(new App({ context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': flag } }), 'Stack');
    const { template } = trailIn(stack);
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^AuditAccessLogs') },
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Action: 's3:PutObject',
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditBucket'), 'Arn'] } },
            },
          }),
        ],
      },
    });
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        AccessControl: Match.absent(),
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        LifecycleConfiguration: {
          Rules: [{ ExpirationInDays: 365, NoncurrentVersionExpiration: { NoncurrentDays: 30 }, Status: 'Enabled' }],
        },
      },
    });
  });

  test('sends the events to a log group as well, where one is given', () => {
    const stack = newStack();
    const logGroup = new LogGroup(stack, 'Logs');
    const { template } = trailIn(stack, { logGroup });
    template.hasResourceProperties('AWS::CloudTrail::Trail', {
      CloudWatchLogsLogGroupArn: stack.resolve(logGroup.logGroupArn),
      CloudWatchLogsRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditLogRole'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: cloudTrail })] },
      ManagedPolicyArns: [{ Ref: Match.stringLikeRegexp('^AuditLogPolicy') }],
      Policies: Match.absent(),
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: stack.resolve(logGroup.logGroupArn),
          },
        ],
      },
    });
  });

  test.each(['eu-west-1', 'cn-north-1', 'us-gov-west-1'])('works in %s', (region) => {
    expect(trailIn(newStack(region)).trailArn).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:cloudtrail:${region}:111111111111:trail/Stack-Audit-9CF4CB89`]],
    });
  });

  test.each([
    ['account', 'arn:aws:logs:eu-west-1:222222222222:log-group:logs:*', '222222222222', '111111111111'],
    ['region', 'arn:aws:logs:us-east-1:111111111111:log-group:logs:*', 'us-east-1', 'eu-west-1'],
  ])('refuses a log group of another %s', (part, arn, its, own) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
    const logGroup = LogGroup.fromLogGroupArn(stack, 'Logs', arn);
    expect(() => new SecretAuditTrail(stack, 'Audit', { logGroup })).toThrow(`[Stack/Audit] \`logGroup\` is "Stack/Logs in ${its}", `
      + `allowed: one in the ${part} ${own}; give a log group that is made beside the trail: AWS CloudTrail takes no other`);
  });

  test('hands out bucket and key', () => {
    const stack = newStack();
    const { trail } = trailIn(stack);
    expect(stack.resolve(trail.bucket.bucketName)).toEqual({ Ref: expect.stringMatching(/^AuditBucket/) });
    expect(stack.resolve(trail.encryptionKey.keyArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^AuditKey/), 'Arn'] });
  });

  test('a second trail for the account is refused, in another Region too', () => {
    const app = new App();
    new SecretAuditTrail(new Stack(app, 'One', { env: { account: '111111111111', region: 'eu-west-1' } }), 'Audit');
    const again = () =>
      new SecretAuditTrail(new Stack(app, 'Two', { env: { account: '111111111111', region: 'eu-west-2' } }), 'Audit');
    expect(again).toThrow("[Two/Audit] 'One/Audit' already is the audit trail of this account; "
      + 'keep one SecretAuditTrail: it covers every Region of the account');
    expect(
      () => new SecretAuditTrail(new Stack(app, 'Three', { env: { account: '111111111111', region: 'eu-west-3' } }), 'Audit'),
    ).toThrow(ConflictError);
  });

  test('two stages have a trail each, under their own names', () => {
    const app = new App();
    const names = ['Dev', 'Prod'].map((id) => {
      const stack = new Stack(new Stage(app, id), 'Stack');
      return JSON.stringify(trailIn(stack).trailArn);
    });
    expect(names[0]).toContain('trail/DevStack-Audit-');
    expect(names[1]).toContain('trail/ProdStack-Audit-');
  });
});
