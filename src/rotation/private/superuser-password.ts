import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { onceFor } from '../../core/once';
import type { DatabaseTargetFacts } from '../../database/private/database-facts';
import { otherMaster } from '../../database/private/master-password';
import { RotationRequest } from '../../rotation-function/private/rotation-request';
import { AttachedSecret } from '../../secret/private/attached-secret';

/**
 * Refuses a superuser whose generated value the database never gets: neither is it created with it, nor does a rotation set it,
 * which may be added later. All rotations with that superuser would fail, and each would be green.
 */
export function requireKnownSuperuser(database: DatabaseTargetFacts, superuser: ISecret): void {
  const owner = AttachedSecret.ownerOf(superuser);
  const record = RotationRequest.find(owner);
  if (!record || !record.content.generate || record.content.adopted || record.content.placeholder) {
    return;
  }
  const { scope, secret, fixedName } = record;
  onceFor(scope, `superuser of ${database.identity}`, () => scope.node.addValidation({
    validate: () => {
      const { username } = record.content.credentials ?? {};
      const obstacle = record.rotationFunction
        ? undefined
        : otherMaster(database, { scope, secret, fixedName, username, attached: AttachedSecret.consumableOf(secret) });
      return obstacle === undefined ? [] : [
        `as \`superuser\` it signs in to a database that does not know it: ${obstacle.what}; ${obstacle.remedy}; a user that another `
        + 'superuser makes gets `rotation: Rotation.singleUserWithSuperuser()`, and where somebody puts the value, '
        + 'SecretContent.placeholder() says so',
      ];
    },
  }));
}
