import { createHash } from 'crypto';
import { type IManagedPolicy, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Aspects, Duration, Lazy, Stack, Token } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import type { AuditEvent, ExpectedReview, ExpectedSecret } from '../../contract/audit-event';
import { ConflictError } from '../../core/errors';
import { innerPath } from '../../core/inner-path';
import type { SecretRecord } from '../../secret/private/secret-record';

/** What EventBridge Scheduler hands to a target, in bytes. */
const MAXIMUM_PAYLOAD = 256 * 1024;

/** Longer than the ARN of a secret can be: the length that is assumed for a name that is not known yet. */
const UNKNOWN_LENGTH = 600;

/** How late a rotation may be before it counts as missed, in hours: a day for the service's own retries. */
const GRACE_HOURS = 24;

/** What the audit has to know about a secret. */
export interface AuditedSecret {
  /** ARN or name. It must not refer to another stack. */
  readonly name: string;
  /** Longest time between two rotations. */
  readonly longestHours: number;
  /** Whether the audit may refer to what is in the secret's stack. */
  readonly local: boolean;
  /** Whether it ends former credentials of the secret, and so runs whether or not the secret is monitored. @default false */
  readonly hasDuty?: boolean;
}

/** Properties of {@link RotationAudit}. */
export interface RotationAuditProps {
  readonly rotationFunction: IFunction;
  readonly functionName: string;
  readonly permissionsBoundary?: IManagedPolicy;
}

/**
 * Runs a rotation function once a day over the secrets it is to rotate, so that its alarm reports what did not happen, too.
 *
 * Nothing is made before the first secret is expected, and nothing is kept where in the end no secret is expected.
 */
export class RotationAudit extends Construct {
  private readonly props: RotationAuditProps;
  private readonly secrets: { readonly expected: ExpectedSecret; readonly isMonitored: () => boolean }[] = [];
  private readonly reviews: { readonly expected: ExpectedReview; readonly isMonitored: () => boolean }[] = [];
  private payload = '{"audit":[],"reviews":[]}'.length;

  constructor(scope: Construct, id: string, props: RotationAuditProps) {
    super(scope, id);
    this.props = props;
  }

  /** Expects a secret to rotate, unless it turns out that nobody monitors it. */
  expectSecret(record: SecretRecord, { name, longestHours, local, hasDuty }: AuditedSecret): void {
    this.expect({
      secret: name,
      rotatesWithinHours: longestHours + GRACE_HOURS,
      ...(record.key && { key: local && record.key.key ? record.key.key.keyArn : 'customer' }),
      ...(record.replicaRegions.length > 0 && { replicaRegions: record.replicaRegions }),
    }, () => Boolean(hasDuty) || record.isMonitored);
  }

  /**
   * Adds a secret to what the audit expects. Whether it is monitored is asked when the template is rendered: it may change until
   * then.
   */
  expect(expected: ExpectedSecret, isMonitored = () => true): void {
    this.prepare(expected);
    this.secrets.push({ expected, isMonitored });
  }

  /** Expects somebody to look at a secret that does not rotate, unless it turns out that nobody monitors it. */
  expectReview(record: Pick<SecretRecord, 'isMonitored'>, expected: ExpectedReview): void {
    this.prepare(expected);
    this.reviews.push({ expected, isMonitored: () => record.isMonitored });
  }

  private prepare(expected: { readonly secret: string }): void {
    const others = this.secrets.length + this.reviews.length;
    this.payload += lengthOf(expected);
    if (this.payload > MAXIMUM_PAYLOAD) {
      throw new ConflictError(this, `the audit of ${others + 1} secrets is longer than the `
        + `${MAXIMUM_PAYLOAD / 1024} KB that EventBridge Scheduler sends`,
      'spread the secrets over several platforms');
    }
    if (others === 0) {
      this.schedule();
      // Aspects see a construct before its children, once all constructs are made: what is removed here no other aspect sees.
      Aspects.of(this).add({ visit: (node) => this.removeUnlessExpected(node) });
    }
  }

  private get event(): AuditEvent {
    const reviews = monitored(this.reviews);
    return { audit: monitored(this.secrets), ...(reviews.length > 0 && { reviews }) };
  }

  private removeUnlessExpected(node: IConstruct): void {
    if (node !== this) {
      return;
    }
    const { audit, reviews } = this.event;
    if (audit.length === 0 && !reviews) {
      this.node.children.forEach((child) => this.node.tryRemoveChild(child.node.id));
    }
  }

  private schedule(): void {
    const stack = Stack.of(this);
    const functionArn = this.props.rotationFunction.functionArn;
    const policy = new ManagedPolicy(this, 'Policy', {
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] })],
    });
    const role = new Role(this, 'Role', {
      description: `Lets EventBridge Scheduler run the daily audit of ${this.props.functionName}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': stack.account,
            // The service sends the group's ARN, not the schedule's.
            'aws:SourceArn': stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' }),
          },
        },
      }),
      managedPolicies: [policy],
      permissionsBoundary: this.props.permissionsBoundary,
    });
    new CfnSchedule(this, 'Schedule', {
      description: `Daily audit of the secrets that ${this.props.functionName} rotates: a finding is an error of the function`,
      scheduleExpression: this.timeOfDay(),
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 60 },
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        // Names, ARNs and Regions need no escapes, which the AWS CDK would look for a long time.
        input: Lazy.string({ produce: () => JSON.stringify(this.event) }),
        // Retries of the call. What the function itself fails with is Lambda's to retry.
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(1).toSeconds(), maximumRetryAttempts: 5 },
      },
    });
  }

  /** A minute of the day that is always the same for one audit and seldom the same for two of a stack. */
  private timeOfDay(): string {
    const minute = createHash('sha256').update(innerPath(this)).digest().readUInt32BE() % Duration.days(1).toMinutes();
    return `cron(${minute % 60} ${Math.floor(minute / 60)} * * ? *)`;
  }
}

function monitored<T>(expectations: readonly { readonly expected: T; readonly isMonitored: () => boolean }[]): T[] {
  return expectations.filter(({ isMonitored }) => isMonitored()).map(({ expected }) => expected);
}

function lengthOf(secret: { readonly secret: string; readonly key?: string }): number {
  const unknown = [secret.secret, secret.key].filter((value) => Token.isUnresolved(value)).length;
  return Buffer.byteLength(JSON.stringify(secret)) + 1 + unknown * UNKNOWN_LENGTH;
}
