import type { Action, Actions } from './action';
import { kubernetesActions } from './kubernetes-actions';
import { renewFunction } from './renew-function';
import type { Services } from './services';
import { RotationError } from '../core/rotation-error';

/** Longest name of an execution. */
const MAXIMUM_NAME = 80;

/** The actions, each on the API of its service. */
export function consumerActions(services: Services): Actions {
  const forceNewDeployment: Action = async ({ target }, _, limits) => {
    await services.ecs.call('UpdateService', { cluster: clusterOf(target), service: target, forceNewDeployment: true }, limits);
    return 'begun';
  };

  const startInstanceRefresh: Action = async ({ target, minHealthyPercentage }, _, limits) => {
    try {
      await services.autoScaling.callOnce('StartInstanceRefresh', {
        AutoScalingGroupName: target,
        ...minHealthyPercentage !== undefined && { 'Preferences.MinHealthyPercentage': String(minHealthyPercentage) },
      }, limits);
      return 'begun';
    } catch (thrown) {
      // It may have replaced some instances before the secret changed: another one has to follow.
      return otherwise(thrown, 'InstanceRefreshInProgress', 'busy');
    }
  };

  const sendCommand: Action = async ({ target, instances, parameters }, _, limits) => {
    await services.systemsManager.call('SendCommand', {
      DocumentName: target,
      Targets: [{ Key: `tag:${instances?.key}`, Values: [instances?.value] }],
      Parameters: parameters,
      // By default the first instance that fails is the last one that is sent to.
      MaxErrors: '100%',
    }, limits);
    return 'begun';
  };

  const startExecution: Action = async ({ id, target }, { digest, versions, formerAt = 0 }, limits) => {
    try {
      await services.stepFunctions.call('StartExecution', {
        stateMachineArn: target,
        // Another attempt at the same has the same name, of which there is one execution only in 90 days; versions that become
        // current again, as where somebody has moved the label back, have another one.
        name: `${id}-${digest}-${formerAt.toString(36)}`.slice(-MAXIMUM_NAME),
        input: JSON.stringify({ secrets: versions }),
      }, limits);
      return 'begun';
    } catch (thrown) {
      return otherwise(thrown, 'ExecutionAlreadyExists', 'begun');
    }
  };

  return {
    forceNewDeployment,
    startInstanceRefresh,
    sendCommand,
    startExecution,
    ...kubernetesActions(services),
    updateFunctionConfiguration: async ({ target }, { digest }, limits) => renewFunction(services.lambda, target, digest, limits),
  };
}

/** The name of the cluster in the ARN of a service; older ARNs lack it. */
function clusterOf(serviceArn: string): string {
  const parts = serviceArn.split('/');
  if (parts.length !== 3) {
    throw new RotationError('configuration', 'the ARN of the Amazon ECS service does not name its cluster');
  }
  return parts[1];
}

function otherwise<T>(thrown: unknown, code: string, value: T): T {
  const error = RotationError.from(thrown);
  if (error.code === code || error.code === `${code}Fault`) {
    return value;
  }
  throw error;
}
