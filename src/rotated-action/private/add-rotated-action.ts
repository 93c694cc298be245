import { type IResource, Resource, Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import type { ConsumerAction } from './consumer-action';
import { type ConsumedSecret, RotatedActions } from './rotated-actions';
import { arnPatternOf, secretArnPattern } from '../../core/arn';
import { ConflictError, ValidationError } from '../../core/errors';
import { otherPart, requireInEnvironment } from '../../core/in-environment';
import { onceFor } from '../../core/once';
import { refuseCircle } from '../../core/stack-circles';
import { AROUND_NAME, textAtMost } from '../../core/text-at-most';
import type { RotationAlarm } from '../../monitoring/private/rotation-alarm';
import type { RotationFunctions } from '../../rotation-function/private/function-pool';
import type { SecretRecord } from '../../secret/private/secret-record';

/** What makes functions for the secret's platform, or for that of another stack where the secret names none. */
export type PlatformOf = (scope: IConstruct) => RotationFunctions;

/**
 * Acts on a consumer once a secret has another value.
 *
 * The function is in the consumer's stack: it refers to the consumer as well as to the secret, and the consumer's stack already
 * comes after the secret's.
 */
export function addRotatedAction(
  scope: Construct, record: SecretRecord, action: ConsumerAction, platformOf: PlatformOf,
): readonly RotationAlarm[] {
  const { consumer } = action;
  action.check?.(scope);
  // The function asks Secrets Manager of its own Region, and its role is known in its own account.
  requireInEnvironment({
    scope,
    property: 'secret',
    remedy: 'act in a stack there, or on events that are sent on to here, with RotatedAction.eventTarget(target)',
  }, record.scope, record.secret.env, ['account', 'region']);
  const beside = consumer ?? scope;
  if (consumer) {
    requireSameEnvironment(scope, consumer, action.bind(beside).facts.target);
  }
  const actions = actionsIn(Stack.of(beside), platformOf(beside));
  return actions.add(scope, action, consumedSecret(scope, record, actions));
}

/** In the platform where that is in the stack, else in the stack itself. */
function actionsIn(home: Stack, { platform, settings }: RotationFunctions): RotatedActions {
  const made = onceFor(home, 'actions after rotations', () => new Map<IConstruct, RotatedActions>());
  const known = made.get(platform);
  if (known) {
    return known;
  }
  const actions = Stack.of(platform) === home
    ? new RotatedActions(platform as Construct, 'RotatedActions', settings)
    : new RotatedActions(home, `RotatedActions${made.size || ''}`, settings);
  made.set(platform, actions);
  return actions;
}

/** By its name where it has one: that refers to nothing. */
function consumedSecret(scope: Construct, { secret, fixedName }: SecretRecord, actions: RotatedActions): ConsumedSecret {
  if (fixedName !== undefined && !Token.isUnresolved(fixedName)) {
    return { name: fixedName, arnPattern: secretArnPattern(scope, fixedName), patternLength: AROUND_NAME + fixedName.length };
  }
  if (Resource.isOwnedResource(secret)) {
    refuseCircle({ from: actions, to: secret }, 'give the secret a `secretName`, by which the function knows it');
  }
  const arnPattern = arnPatternOf(secret);
  return { name: secret.secretArn, arnPattern, patternLength: textAtMost(arnPattern).length };
}

/** Not everything that is imported by its ARN says that it is where its ARN is. */
function requireSameEnvironment(scope: Construct, consumer: IResource, target: string): void {
  if (Stage.of(scope) !== Stage.of(consumer)) {
    throw new ConflictError(scope, `the consumer '${consumer.node.path}' is in another stage than the secret`,
      'make a secret in each stage');
  }
  const own = Stack.of(scope);
  const [, , , region, account] = target.startsWith('arn:') ? target.split(':') : [];
  const places = [consumer.env, { region: region || own.region, account: account || own.account }];
  const place = places.find((each) => otherPart(own, each) !== undefined);
  const other = place && otherPart(own, place);
  if (place && other) {
    throw new ValidationError({
      scope,
      property: 'onRotated(action)',
      got: `${consumer.node.path} in ${place[other]}`,
      allowed: `a consumer in the secret's ${other}, ${own[other]}`,
      remedy: 'Secrets Manager sends the event where the secret is; act there on what has to know, for example by sending the '
        + 'event on with RotatedAction.eventTarget(target)',
    });
  }
}
