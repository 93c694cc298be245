import { createHash } from 'crypto';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal, type IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AuditEvent, ExpectedSecret } from '../../contract/handler-contract';
import { ConflictError } from '../../core/errors';

/** What EventBridge Scheduler hands to a target, in bytes. */
const MAXIMUM_PAYLOAD = 256 * 1024;

/** Longer than the ARN of a secret can be: what a name that is not known yet is counted as. */
const UNKNOWN_LENGTH = 600;

/** Properties of {@link RotationAudit}. */
export interface RotationAuditProps {
  readonly rotationFunction: IFunction;
  readonly functionName: string;
  readonly permissionsBoundary?: IManagedPolicy;
}

/**
 * Runs a rotation function once a day over the secrets it is to rotate, so that its alarm tells what did not happen, too.
 *
 * Nothing is made before the first secret is expected.
 */
export class RotationAudit extends Construct {
  private readonly props: RotationAuditProps;
  private readonly expected: ExpectedSecret[] = [];
  private payload = '{"audit":[]}'.length;

  constructor(scope: Construct, id: string, props: RotationAuditProps) {
    super(scope, id);
    this.props = props;
  }

  /** Adds a secret to what the audit expects. `secret` must not refer to another stack: its ARN or name in words. */
  expect(secret: ExpectedSecret): void {
    this.payload += lengthOf(secret);
    if (this.payload > MAXIMUM_PAYLOAD) {
      throw new ConflictError(this, `the audit of ${this.expected.length + 1} secrets is longer than the ${MAXIMUM_PAYLOAD / 1024} KB that EventBridge Scheduler sends`,
        'spread the secrets over several platforms');
    }
    this.expected.push(secret);
    if (this.expected.length === 1) {
      this.schedule();
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
        input: Lazy.string({ produce: () => stack.toJsonString({ audit: this.expected } satisfies AuditEvent) }),
        // Retries of the call. What the function itself fails with is Lambda's to retry.
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(1).toSeconds(), maximumRetryAttempts: 5 },
      },
    });
  }

  /** A minute of the day that is always the same for one audit and seldom the same for two. */
  private timeOfDay(): string {
    const minute = createHash('sha256').update(this.node.path).digest().readUInt32BE() % Duration.days(1).toMinutes();
    return `cron(${minute % 60} ${Math.floor(minute / 60)} * * ? *)`;
  }
}

function lengthOf(secret: ExpectedSecret): number {
  const unknown = [secret.secret, secret.key].filter((value) => Token.isUnresolved(value)).length;
  return Buffer.byteLength(JSON.stringify(secret)) + 1 + unknown * UNKNOWN_LENGTH;
}
