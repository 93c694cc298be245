import { AccessKeyStrategy } from './access-key-strategy';
import { CallerIdentity } from './caller-identity';
import { endFormerKeys } from './ending-former-keys';
import { UserAccessKeys } from './user-access-keys';
import { type Clock, systemClock } from '../core/clock';
import type { FunctionFacts } from '../deployment/function-facts';
import type { HandlerOptions } from '../make-handler';

/** What tests replace: the endpoints follow from the Region. */
export interface AccessKeyRotationOptions {
  readonly iamEndpoint?: string;
  readonly stsEndpoint?: string;
  /** @default the system's */
  readonly clock?: Clock;
}

/** The rotation of access keys, and what is done about former ones day by day. */
export function accessKeyRotation(
  { iamEndpoint, stsEndpoint, clock = systemClock }: AccessKeyRotationOptions = {},
): Pick<HandlerOptions, 'strategy' | 'duty'> {
  const keysOf = ({ region, credentials }: FunctionFacts): UserAccessKeys =>
    new UserAccessKeys({ region, credentials, clock, endpoint: iamEndpoint });
  return {
    strategy: (facts) => new AccessKeyStrategy({
      bindings: facts.accessKeyBindings,
      keys: keysOf(facts),
      identity: new CallerIdentity({ region: facts.region, clock, endpoint: stsEndpoint }),
    }),
    duty: (facts) => endFormerKeys({ bindings: facts.accessKeyBindings, keys: keysOf(facts), clock }),
  };
}
