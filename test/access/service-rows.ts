import {
  ADMINISTRATOR, ASSUME, codeOf, DATA_KEY, DECRYPT, DELETE, FOREIGN, GRANT, type Group, INSECURE, INVOKE, KEY, LABEL,
  OF_ORDERS, OWN, PUBLISH, PUT, READ, repointedTo, ROTATE, SCHEDULES, SECLUDED, STRANGER, UPDATE, VALUES, VIA,
} from './row';

const OF_ALERTS = { 'kms:EncryptionContext:aws:sns:topicArn': '@App/Alerts' };
const OF_OTHER_TOPIC = { 'kms:EncryptionContext:aws:sns:topicArn': 'arn:{partition}:sns:{region}:999999999999:alerts' };
const TRAIL = 'cloudtrail.amazonaws.com';
const TRAIL_ARN = 'arn:{partition}:cloudtrail:{region}:111111111111:trail/App-Trail-E9B6F28C';
const TRAIL_OF_OTHERS = 'arn:{partition}:cloudtrail:{region}:999999999999:trail/App-Trail-E9B6F28C';
const OF_TRAIL = { 'aws:SourceArn': TRAIL_ARN };
const OWNER = { 's3:x-amz-acl': 'bucket-owner-full-control' };
const LOG_FILE = 'App/Trail/Bucket:/AWSLogs/111111111111/log';
const ACCESS_LOG = 'App/Trail/AccessLogs:/log';

/** What functions, and services that act for nobody, may do. */
export const SERVICE_ROWS: readonly Group[] = [
  {
    about: 'the role of a rotation function',
    rows: [
      [`${VALUES}/Role`, READ, 'App/Orders', {}, 'allowed'],
      [`${VALUES}/Role`, PUT, 'App/Invoices', {}, 'allowed'],
      [`${VALUES}/Role`, LABEL, 'App/Orders', {}, 'allowed'],
      [`${VALUES}/Role`, READ, 'App/Seed', {}, 'refused'],
      [`${VALUES}/Role`, READ, 'App/Tls', {}, 'refused'],
      [`${VALUES}/Role`, READ, 'App/Orders', { 'secretsmanager:resource/AllowRotationLambdaArn': '@App/Custom' }, 'refused'],
      [`${VALUES}/Role`, UPDATE, 'App/Orders', {}, 'refused'],
      [`${VALUES}/Role`, ROTATE, 'App/Orders', {}, 'refused'],
      [`${VALUES}/Role`, DELETE, 'App/Orders', {}, 'refused'],
      [`${VALUES}/Role`, DECRYPT, KEY, { ...VIA, ...OF_ORDERS }, 'allowed'],
      [`${VALUES}/Role`, DECRYPT, KEY, OF_ORDERS, 'refused'],
      [`${VALUES}/Role`, DECRYPT, 'App/Secluded/Key', { ...VIA, ...OF_ORDERS }, 'refused'],
      [`${VALUES}/Role`, 'logs:PutLogEvents', `${VALUES}/LogGroup:log-stream:one`, {}, 'allowed'],
      [`${VALUES}/Role`, 'logs:PutLogEvents', 'App/TrailLogs:log-stream:one', {}, 'refused'],
      [`${VALUES}/Role`, 'ec2:DescribeNetworkInterfaces', '*', {}, 'allowed'],
      [`${VALUES}/Role`, 'ec2:DescribeNetworkInterfaces', '*', codeOf(`${VALUES}/Function`), 'refused'],
      ['lambda.amazonaws.com', ASSUME, `${VALUES}/Role`, {}, 'allowed'],
      ['ec2.amazonaws.com', ASSUME, `${VALUES}/Role`, {}, 'refused'],
      [ADMINISTRATOR, ASSUME, `${VALUES}/Role`, {}, 'refused'],
    ],
  },
  {
    about: 'invoking a rotation function',
    rows: [
      ['secretsmanager.amazonaws.com', INVOKE, `${VALUES}/Function`, { ...OWN, 'aws:SourceArn': '@App/Orders' }, 'allowed'],
      ['secretsmanager.amazonaws.com', INVOKE, `${VALUES}/Function`, { ...OWN, 'aws:SourceArn': '@App/Ticket' }, 'refused'],
      ['secretsmanager.amazonaws.com', INVOKE, `${VALUES}/Function`, { ...FOREIGN, 'aws:SourceArn': '@App/Orders' }, 'refused'],
      ['secretsmanager.amazonaws.com', INVOKE, `${VALUES}/Function`, OWN, 'refused'],
      ['secretsmanager.amazonaws.com', INVOKE, `${VALUES}/Function`, {}, 'refused'],
      ['events.amazonaws.com', INVOKE, `${VALUES}/Function`, { ...OWN, 'aws:SourceArn': '@App/Orders' }, 'refused'],
      [STRANGER, INVOKE, `${VALUES}/Function`, {}, 'refused'],
      ['secretsmanager.amazonaws.com', INVOKE, 'App/Custom', { ...OWN, 'aws:SourceArn': '@App/Ticket' }, 'allowed'],
      ['secretsmanager.amazonaws.com', INVOKE, 'App/Custom', { ...OWN, 'aws:SourceArn': '@App/Orders' }, 'refused'],
      ['secretsmanager.amazonaws.com', INVOKE, 'App/Custom', { 'aws:SourceArn': '@App/Ticket' }, 'refused'],
    ],
  },
  {
    about: 'a rotation function of your own',
    rows: [
      ['App/Custom/ServiceRole', READ, 'App/Ticket', {}, 'allowed'],
      ['App/Custom/ServiceRole', PUT, 'App/Ticket', {}, 'allowed'],
      ['App/Custom/ServiceRole', READ, 'App/Ticket', repointedTo(`${VALUES}/Function`), 'refused'],
      ['App/Custom/ServiceRole', READ, 'App/Orders', {}, 'refused'],
      ['App/Custom/ServiceRole', UPDATE, 'App/Ticket', {}, 'refused'],
      ['App/Custom/ServiceRole', DECRYPT, KEY, { ...VIA, 'kms:EncryptionContext:SecretARN': '@App/Ticket' }, 'allowed'],
      ['App/Custom/ServiceRole', DECRYPT, KEY, { 'kms:EncryptionContext:SecretARN': '@App/Ticket' }, 'refused'],
      ['App/Custom/ServiceRole', DECRYPT, KEY, { ...VIA, ...OF_ORDERS }, 'refused'],
    ],
  },
  {
    about: 'the daily audit',
    rows: [
      ['scheduler.amazonaws.com', ASSUME, `${VALUES}/Audit/Role`, { ...OWN, ...SCHEDULES }, 'allowed'],
      ['scheduler.amazonaws.com', ASSUME, `${VALUES}/Audit/Role`, { ...FOREIGN, ...SCHEDULES }, 'refused'],
      ['scheduler.amazonaws.com', ASSUME, `${VALUES}/Audit/Role`, OWN, 'refused'],
      ['scheduler.amazonaws.com', ASSUME, `${VALUES}/Audit/Role`, {}, 'refused'],
      ['lambda.amazonaws.com', ASSUME, `${VALUES}/Audit/Role`, { ...OWN, ...SCHEDULES }, 'refused'],
      [`${VALUES}/Audit/Role`, INVOKE, `${VALUES}/Function`, {}, 'allowed'],
      [`${VALUES}/Audit/Role`, INVOKE, `${SECLUDED}/Function`, {}, 'refused'],
      [`${VALUES}/Audit/Role`, READ, 'App/Orders', {}, 'refused'],
    ],
  },
  {
    about: 'the topic of the alarm, and its key',
    rows: [
      ['cloudwatch.amazonaws.com', PUBLISH, 'App/Alerts', OWN, 'allowed'],
      ['cloudwatch.amazonaws.com', PUBLISH, 'App/Alerts', FOREIGN, 'refused'],
      ['cloudwatch.amazonaws.com', PUBLISH, 'App/Alerts', {}, 'refused'],
      ['cloudwatch.amazonaws.com', PUBLISH, 'App/Alerts', { ...OWN, ...INSECURE }, 'refused'],
      ['events.amazonaws.com', PUBLISH, 'App/Alerts', {}, 'allowed'],
      ['s3.amazonaws.com', PUBLISH, 'App/Alerts', OWN, 'refused'],
      [STRANGER, PUBLISH, 'App/Alerts', {}, 'refused'],
      ['cloudwatch.amazonaws.com', DATA_KEY, 'App/TopicKey', OWN, 'allowed'],
      ['cloudwatch.amazonaws.com', DATA_KEY, 'App/TopicKey', FOREIGN, 'refused'],
      ['events.amazonaws.com', DATA_KEY, 'App/TopicKey', OF_ALERTS, 'allowed'],
      ['events.amazonaws.com', DATA_KEY, 'App/TopicKey', OF_OTHER_TOPIC, 'refused'],
      ['events.amazonaws.com', DATA_KEY, 'App/TopicKey', {}, 'refused'],
    ],
  },
  {
    about: 'SecretAuditTrail',
    rows: [
      [TRAIL, 's3:PutObject', LOG_FILE, { ...OF_TRAIL, ...OWNER }, 'allowed'],
      [TRAIL, 's3:PutObject', LOG_FILE, { ...OWNER, 'aws:SourceArn': TRAIL_OF_OTHERS }, 'refused'],
      [TRAIL, 's3:PutObject', LOG_FILE, OWNER, 'refused'],
      [TRAIL, 's3:PutObject', LOG_FILE, OF_TRAIL, 'refused'],
      [TRAIL, 's3:PutObject', 'App/Trail/Bucket:/AWSLogs/999999999999/log', { ...OF_TRAIL, ...OWNER }, 'refused'],
      [TRAIL, 's3:PutObject', LOG_FILE, { ...OF_TRAIL, ...OWNER, ...INSECURE }, 'refused'],
      [TRAIL, 's3:GetBucketAcl', 'App/Trail/Bucket', OF_TRAIL, 'allowed'],
      [TRAIL, 's3:GetBucketAcl', 'App/Trail/Bucket', { 'aws:SourceArn': TRAIL_OF_OTHERS }, 'refused'],
      [TRAIL, DATA_KEY, 'App/Trail/Key', { ...OF_TRAIL, 'kms:EncryptionContext:aws:cloudtrail:arn': TRAIL_ARN }, 'allowed'],
      [TRAIL, DATA_KEY, 'App/Trail/Key', { ...OF_TRAIL, 'kms:EncryptionContext:aws:cloudtrail:arn': TRAIL_OF_OTHERS }, 'refused'],
      [TRAIL, DATA_KEY, 'App/Trail/Key', { 'kms:EncryptionContext:aws:cloudtrail:arn': TRAIL_ARN }, 'refused'],
      [TRAIL, 'kms:DescribeKey', 'App/Trail/Key', OF_TRAIL, 'allowed'],
      [TRAIL, 'kms:DescribeKey', 'App/Trail/Key', {}, 'refused'],
      [ADMINISTRATOR, GRANT, 'App/Trail/Key', { 'kms:GrantIsForAWSResource': 'false' }, 'refused'],
      [ADMINISTRATOR, GRANT, 'App/Trail/Key', { 'kms:GrantIsForAWSResource': 'true' }, 'allowed'],
      ['appflow.amazonaws.com', GRANT, 'App/Trail/Key', { 'kms:GrantIsForAWSResource': 'false' }, 'allowed'],
      ['logging.s3.amazonaws.com', 's3:PutObject', ACCESS_LOG, { ...OWN, 'aws:SourceArn': '@App/Trail/Bucket' }, 'allowed'],
      ['logging.s3.amazonaws.com', 's3:PutObject', ACCESS_LOG, { ...OWN, 'aws:SourceArn': 'arn:aws:s3:::other' }, 'refused'],
      ['logging.s3.amazonaws.com', 's3:PutObject', ACCESS_LOG, { ...FOREIGN, 'aws:SourceArn': '@App/Trail/Bucket' }, 'refused'],
      [ADMINISTRATOR, 's3:GetObject', LOG_FILE, INSECURE, 'refused'],
      [TRAIL, ASSUME, 'App/Trail/LogRole', {}, 'allowed'],
      ['lambda.amazonaws.com', ASSUME, 'App/Trail/LogRole', {}, 'refused'],
      ['App/Trail/LogRole', 'logs:PutLogEvents', 'App/TrailLogs:log-stream:one', {}, 'allowed'],
      ['App/Trail/LogRole', 'logs:PutLogEvents', `${VALUES}/LogGroup:log-stream:one`, {}, 'refused'],
    ],
  },
];
