import type { IAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnService, type IService } from 'aws-cdk-lib/aws-ecs';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ConsumerAction } from './consumer-action';
import { ValidationError } from '../../core/errors';
import { pathFrom } from '../../core/inner-path';
import { requireInteger, requireText } from '../../core/validate';
import type { InstanceRefreshOptions, SendCommandOptions } from '../rotated-action-options';

/** `arn:aws:lambda:Region:account:function:name`: what comes after it is a version or an alias. */
const UNQUALIFIED_PARTS = 7;
const TAG_KEY = { minimum: 1, maximum: 128, allowed: 'a text of 1 to 128 characters' };
const TAG_VALUE = { minimum: 1, maximum: 256, allowed: 'a text of 1 to 256 characters' };
const DOCUMENT = {
  minimum: 3,
  maximum: 128,
  pattern: /^(?!aws|amazon|amzn)[\w.-]+$/i,
  allowed: 'the name of a document that does one thing: 3 to 128 letters, digits and _.-, not beginning with `aws`, `amazon` or '
    + '`amzn`, as those of AWS do',
};

/** The tasks of an Amazon ECS service are replaced by new ones. */
export function newDeployment(service: IService): ConsumerAction {
  return {
    name: 'forceNewDeployment',
    consumer: service,
    identity: (home) => pathFrom(home, service),
    check: (scope) => requireDeployable(scope, service),
    bind: () => ({
      facts: { target: service.serviceArn },
      statements: [{ sid: 'DeployServices', actions: ['ecs:UpdateService'], resources: [service.serviceArn], conditions: {} }],
    }),
  };
}

/** The execution environments of a function are replaced by new ones. */
export function newEnvironments(consumer: IFunction): ConsumerAction {
  return {
    name: 'updateFunctionConfiguration',
    consumer,
    identity: (home) => pathFrom(home, consumer),
    check: (scope) => requireUnqualified(scope, consumer),
    bind: () => ({
      facts: { target: consumer.functionArn },
      statements: [{
        sid: 'RenewFunctions',
        actions: ['lambda:GetFunctionConfiguration', 'lambda:UpdateFunctionConfiguration'],
        resources: [consumer.functionArn],
        conditions: {},
      }],
    }),
  };
}

/** The instances of a group are replaced by new ones. */
export function newInstances(group: IAutoScalingGroup, { minHealthyPercentage }: InstanceRefreshOptions): ConsumerAction {
  return {
    name: 'startInstanceRefresh',
    consumer: group,
    identity: (home) => pathFrom(home, group),
    check: (scope) => requireInteger(
      { scope, property: 'RotatedAction.startInstanceRefresh(minHealthyPercentage)', remedy: 'choose another share' },
      minHealthyPercentage, 0, 100, 'percent',
    ),
    bind: () => ({
      facts: { target: group.autoScalingGroupName, ...minHealthyPercentage !== undefined && { minHealthyPercentage } },
      statements: [{
        sid: 'RefreshInstances',
        actions: ['autoscaling:StartInstanceRefresh'],
        resources: [group.autoScalingGroupArn],
        conditions: {},
      }],
    }),
  };
}

/** A document runs on the instances with a tag. */
export function command(documentName: string, options: SendCommandOptions): ConsumerAction {
  const { instanceTag: { key, value }, parameters = {} } = options;
  return {
    name: 'sendCommand',
    identity: () => JSON.stringify([documentName, key, value, parameters]),
    check: (scope) => {
      const of = (property: string) => ({ scope, property: `RotatedAction.sendCommand(${property})`, remedy: 'give another one' });
      requireText({
        ...of('documentName'),
        remedy: 'some documents of AWS run any command on the instances, and the function may run those of the account only; '
          + 'make a document of your own that runs the one that is needed, and give its name',
      }, documentName, DOCUMENT);
      requireText(of('instanceTag.key'), key, TAG_KEY);
      requireText(of('instanceTag.value'), value, TAG_VALUE);
    },
    bind: (home) => {
      const arn = (service: string, resource: string, resourceName: string): string =>
        Stack.of(home).formatArn({ service, resource, resourceName });
      return {
        facts: { target: documentName, instances: { key, value }, parameters },
        statements: [
          {
            sid: 'SendDocuments', actions: ['ssm:SendCommand'], resources: [arn('ssm', 'document', documentName)], conditions: {},
          },
          {
            sid: 'SendToInstances',
            actions: ['ssm:SendCommand'],
            resources: [arn('ec2', 'instance', '*'), arn('ssm', 'managed-instance', '*')],
            conditions: { StringEquals: { [`ssm:resourceTag/${key}`]: value } },
          },
        ],
      };
    },
  };
}

/** A state machine is started. */
export function execution(stateMachine: IStateMachine): ConsumerAction {
  return {
    name: 'startExecution',
    consumer: stateMachine,
    identity: (home) => pathFrom(home, stateMachine),
    bind: () => ({
      facts: { target: stateMachine.stateMachineArn },
      statements: [{
        sid: 'StartExecutions',
        actions: ['states:StartExecution'],
        resources: [stateMachine.stateMachineArn],
        conditions: {},
      }],
    }),
  };
}

/** Whether the form of an ARN is known: its partition, its Region or its account may not be, of what is imported by its name. */
const isWritten = (arn: string): boolean => arn.startsWith('arn:');

function requireDeployable(scope: IConstruct, service: IService): void {
  const resource = service.node.defaultChild;
  const controller = resource instanceof CfnService ? resource.deploymentController : undefined;
  const type = controller && 'type' in controller ? controller.type : undefined;
  if (type === 'CODE_DEPLOY' || type === 'EXTERNAL') {
    throw new ValidationError({
      scope,
      property: 'RotatedAction.forceNewDeployment(service)',
      got: type,
      allowed: 'a service with the deployment controller ECS',
      remedy: 'Amazon ECS refuses to deploy the service by itself; start a state machine that deploys it by way of its '
        + 'controller, with RotatedAction.startExecution(stateMachine)',
    });
  }
  const arn = service.serviceArn;
  if (isWritten(arn) && arn.split('/').length !== 3) {
    throw new ValidationError({
      scope,
      property: 'RotatedAction.forceNewDeployment(service)',
      got: Stack.of(scope).resolve(arn),
      allowed: 'a service whose ARN names its cluster: `arn:aws:ecs:Region:account:service/cluster/service`',
      remedy: 'import it with its cluster, by the ARN that Amazon ECS shows',
    });
  }
}

function requireUnqualified(scope: IConstruct, consumer: IFunction): void {
  const { functionArn } = consumer;
  const isQualified = 'lambda' in consumer
    || (isWritten(functionArn) && functionArn.split(':').length > UNQUALIFIED_PARTS);
  if (isQualified) {
    throw new ValidationError({
      scope,
      property: 'RotatedAction.replaceExecutionEnvironments(function)',
      got: consumer,
      allowed: 'a function that is called without a version or an alias',
      remedy: 'the configuration of a version never changes, and to move its alias is up to your deployments; have that function '
        + 'read the secret again when a login is refused',
    });
  }
}
