import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { onceFor } from '../../core/once';

/** Where an action after rotations is: apart from what the library makes for the secret, whose ids nobody has to know. */
export function actionScope(secret: Construct, id: string): Construct {
  const actions = onceFor(secret, 'actions after its rotations', () => new Construct(secret, 'OnRotated'));
  const refuse = (allowed: string, remedy: string): never => {
    throw new ValidationError({ scope: secret, property: 'onRotated(id)', got: id, allowed, remedy });
  };
  if (id === '' || Token.isUnresolved(id)) {
    refuse('a text of one character or more that is known at synthesis', 'name what follows the rotation, such as `Redeploy`');
  }
  if (actions.node.tryFindChild(id)) {
    refuse('an id that no other action of the secret has', 'give each action an id of its own');
  }
  return new Construct(actions, id);
}
