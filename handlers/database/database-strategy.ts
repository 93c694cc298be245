import type { CredentialTarget } from './credential-target';
import { OwnLoginStrategy } from './own-login-strategy';
import { SuperuserStrategy } from './superuser-strategy';
import type { RotationStrategy } from '../core/rotation-strategy';
import type { CheckedDatabaseFacts, FunctionFacts } from '../deployment/function-facts';

/** What a target may know besides the credentials. */
export interface TargetFacts {
  readonly database: CheckedDatabaseFacts;
  readonly region: string;
}

/** The rotation of credentials that work in a database, in the mode that the function was deployed with. */
export function databaseRotation(
  makeTarget: (facts: TargetFacts) => CredentialTarget,
): (facts: FunctionFacts) => RotationStrategy {
  return (facts) => {
    const { database, region, password, mode } = facts;
    const ports = { target: makeTarget({ database, region }), facts: database, password };
    return mode === 'prove'
      ? new OwnLoginStrategy(ports)
      : new SuperuserStrategy({ ...ports, bindings: facts.userBindings, superuserSecret: facts.superuserSecret });
  };
}
