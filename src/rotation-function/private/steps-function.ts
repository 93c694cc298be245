import type { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { boundNameOf, environmentSize, MAXIMUM_ENVIRONMENT } from './binding';
import { Bindings } from './bindings';
import { CustomFunction } from './custom-function';
import { RotationAudit } from './rotation-audit';
import type { RotationRequest } from './rotation-request';
import type { ContentFacts } from '../../content/private/content-facts';
import { Environment } from '../../contract/environment';
import type { StepsBinding } from '../../contract/steps-binding';
import { ConflictError } from '../../core/errors';
import { requireDuration } from '../../core/validate';

const ID = 'SecretRotationSteps';

/** What a step waits for permissions that are still being made, and the longest that AWS Lambda runs a function. */
const [MINIMUM_SECONDS, MAXIMUM_SECONDS] = [30, 900];

const AUDIT_PERMISSION = { _action: 'secretsmanager:ListSecretVersionIds', _onSecret: true };

/**
 * A function of the user's that was made with the runtime entry: what it may do, the secrets that it knows, and its daily audit.
 *
 * Stands under the function, once however many secrets it rotates.
 */
export class StepsFunction extends Construct {
  /** What was made for a function, where it rotates a secret by steps. */
  static of(handler: LambdaFunction): StepsFunction | undefined {
    return handler.node.tryFindChild(ID) as StepsFunction | undefined;
  }

  /** Finds or makes what a function needs; refuses one that cannot rotate. */
  static for(requestedBy: Construct, handler: LambdaFunction): StepsFunction {
    const permissions = CustomFunction.for(requestedBy, handler, { property: 'Rotation.steps(handler)' });
    const input = {
      scope: requestedBy,
      property: 'Rotation.steps(handler.timeout)',
      remedy: 'give the function a timeout: the one that AWS Lambda assumes is 3 seconds',
    };
    requireDuration(input, handler.timeout ?? Duration.seconds(3), MINIMUM_SECONDS, MAXIMUM_SECONDS);
    return StepsFunction.of(handler) ?? new StepsFunction(handler, permissions);
  }

  private readonly audit: RotationAudit;
  private readonly bindings = new Bindings(this);
  private secrets = 0;
  private environmentSize: number;

  private constructor(handler: LambdaFunction, private readonly permissions: CustomFunction) {
    super(handler, ID);
    this.environmentSize = environmentSize({ [Environment.BINDINGS]: this.bindings.text });
    handler.addEnvironment(Environment.BINDINGS, Lazy.string({ produce: () => this.bindings.text }));
    this.audit = new RotationAudit(this, 'Audit', { rotationFunction: handler, functionName: handler.functionName });
  }

  /** Lets the function rotate a secret, and says what a schedule of the secret refers to and waits for. */
  use(request: RotationRequest, longestHours: number): { rotationFunction: IFunction; dependencies: IDependable[] } {
    const used = this.permissions.use(request, [AUDIT_PERMISSION]);
    const secret = boundNameOf(request, this);
    this.secrets += 1;
    this.environmentSize += this.bindings.add({ secret, ...rulesOf(request.content) }, request.fixedName?.length);
    if (this.environmentSize > MAXIMUM_ENVIRONMENT) {
      throw new ConflictError(request.scope, `what the function '${this.node.scope!.node.path}' needs in its environment `
        + `variables for its ${this.secrets} secrets exceeds the limit of AWS Lambda, ${MAXIMUM_ENVIRONMENT} bytes`,
      'define another function, or exclude fewer characters');
    }
    this.audit.expectSecret(request, { name: secret, longestHours, local: Stack.of(request.scope) === Stack.of(this) });
    return used;
  }
}

/** What a new random value looks like, and where it goes: nothing where the user's code has to make it. */
function rulesOf({ generated, credentials }: ContentFacts): Omit<StepsBinding, 'secret'> {
  const database = credentials?.database;
  return database
    ? { field: 'password', password: database.password }
    : { field: generated?.field, password: generated?.password };
}
