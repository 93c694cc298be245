import type { IConstruct } from 'constructs';
import { ConflictError } from '../../core/errors';

/** What a secret of the AWS CDK has, and a HardenedSecret has not. */
const MEMBERS = [
  'grantRead', 'grantWrite', 'secretValue', 'secretValueFromJson', 'cfnDynamicReferenceKey', 'attach', 'secretName',
  'secretFullArn', 'secretRef', 'addRotationSchedule', 'addToResourcePolicy', 'denyAccountRootDelete',
];

/** Constructs of the AWS CDK that get a HardenedSecret in the place of its secret would fail with an error of theirs. */
export function refuseSecretMembers(prototype: IConstruct): void {
  for (const name of MEMBERS) {
    Object.defineProperty(prototype, name, {
      get(this: IConstruct): never {
        throw new ConflictError(this, `it is a HardenedSecret, where an AWS CDK secret is asked for its \`${name}\``,
          'pass x.secret: the `secret` of the HardenedSecret');
      },
    });
  }
}
