import { Topic } from 'aws-cdk-lib/aws-sns';
import { ORGANIZATION, REPLICA_REGION, type Variant } from './variant';
import { vpcOf } from './vpc';
import {
  GuardRail, HardenedSecret, Rotation, RotationNetwork, SecretEncryption, SecretMonitoring, SecretReplica, SecretsPlatform,
} from '../../src';

/** With this library. */
export const ours: Variant = (stack, secrets) => {
  const platform = new SecretsPlatform(stack, 'Secrets', {
    defaults: {
      network: RotationNetwork.of({ vpc: vpcOf(stack) }),
      monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic') }),
      guardRails: [GuardRail.tlsOnly(), GuardRail.organization(ORGANIZATION)],
      replicas: [SecretReplica.inRegion(REPLICA_REGION, { encryption: SecretEncryption.awsManagedKey() })],
    },
  });
  for (let nth = 0; nth < secrets; nth++) {
    new HardenedSecret(stack, `Secret${nth}`, { platform, rotation: Rotation.regenerate() });
  }
};
