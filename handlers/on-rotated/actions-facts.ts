import { ActionsEnvironment, ROTATED_ACTIONS, type RotatedActionFacts } from '../../src/contract/rotated-action';
import { RotationError } from '../core/rotation-error';
import { isText } from '../deployment/binding-checks';
import { FunctionFacts, type Variables } from '../deployment/function-facts';

const ID = /^[A-Za-z0-9-]{1,64}$/;
/** Of what is a part of a path. */
const CLUSTER = /^[\w-]{1,100}$/;
const OBJECT = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const KUBERNETES = ['restartDeployment', 'refreshExternalSecret'];

/** What the function was deployed with. */
export class ActionsFacts {
  readonly deployment: FunctionFacts;

  constructor(private readonly variables: Variables) {
    this.deployment = new FunctionFacts(variables);
  }

  get actions(): RotatedActionFacts[] {
    let value: unknown;
    try {
      value = JSON.parse(this.text(ActionsEnvironment.ACTIONS));
    } catch {
      value = undefined;
    }
    if (!Array.isArray(value) || !value.every(isAction)) {
      throw misconfigured(ActionsEnvironment.ACTIONS);
    }
    return value as RotatedActionFacts[];
  }

  get memory(): string {
    return this.text(ActionsEnvironment.MEMORY);
  }

  get queue(): string {
    return this.text(ActionsEnvironment.QUEUE);
  }

  get failures(): string {
    return this.text(ActionsEnvironment.FAILURES);
  }

  private text(name: string): string {
    const value = this.variables[name];
    if (!value) {
      throw misconfigured(name);
    }
    return value;
  }
}

function misconfigured(name: string): RotationError {
  return new RotationError('configuration', `environment variable ${name} is not what the construct makes it`);
}

function isAction(value: unknown): boolean {
  const { id, action, target, secrets, instances, object } = (value ?? {}) as Partial<Record<keyof RotatedActionFacts, unknown>>;
  return isText(id) && ID.test(id) && ROTATED_ACTIONS.some((name) => name === action) && isText(target)
    && Array.isArray(secrets) && secrets.length > 0 && secrets.every(isText)
    && (action !== 'sendCommand' || isTag(instances))
    && (!KUBERNETES.includes(String(action)) || (CLUSTER.test(target) && isObject(object)));
}

function isTag(value: unknown): boolean {
  const { key, value: text } = (value ?? {}) as Record<string, unknown>;
  return isText(key) && isText(text);
}

function isObject(value: unknown): boolean {
  const { namespace, name } = (value ?? {}) as Record<string, unknown>;
  return isText(namespace) && OBJECT.test(namespace) && isText(name) && OBJECT.test(name);
}
