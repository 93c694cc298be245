import type { IConstruct } from 'constructs';
import { ValidationError } from './core/errors';
import { type Kind, requireKind } from './core/require-kind';
import type { HardenedSecretProps } from './hardened-secret-props';

/** How a rotation is known, and made. */
export const ROTATION: Kind = {
  member: '_bindTo', allowed: 'a Rotation: Rotation.alternatingUsers(), Rotation.regenerate(), Rotation.none(reason) …',
};

/** How an action is known, and made. */
export const ROTATED_ACTION: Kind = {
  member: '_rotated', allowed: 'a RotatedAction: RotatedAction.forceNewDeployment(service), RotatedAction.eventTarget(target) …',
};

const KINDS: Partial<Record<keyof HardenedSecretProps, Kind>> = {
  content: { member: '_bind', allowed: 'a SecretContent: SecretContent.generated(), SecretContent.fromSecretValue(value) …' },
  rotation: ROTATION,
  encryption: { member: '_choice', allowed: 'a SecretEncryption: SecretEncryption.ownKey(), SecretEncryption.key(key) …' },
  monitoring: { member: '_choice', allowed: 'a SecretMonitoring: SecretMonitoring.rotationFailure({ topic }) …' },
  network: { member: '_facts', allowed: 'a RotationNetwork: RotationNetwork.of({ vpc }) …' },
  platform: { member: '_functions', allowed: 'a SecretsPlatform' },
};

const LISTS: Partial<Record<keyof HardenedSecretProps, string>> = {
  guardRails: 'a list: [GuardRail.tlsOnly()]', replicas: "a list: [SecretReplica.inRegion('eu-west-1')]",
};

/** Refuses properties that only languages without types let through, each by its name. */
export function requirePropertyKinds(scope: IConstruct, props: HardenedSecretProps): void {
  for (const [name, kind] of Object.entries(KINDS)) {
    requireKind(scope, name, props[name as keyof HardenedSecretProps], kind);
  }
  for (const [name, allowed] of Object.entries(LISTS)) {
    const got = props[name as keyof HardenedSecretProps];
    if (got !== undefined && !Array.isArray(got)) {
      throw new ValidationError({ scope, property: name, got: typeof got, allowed, remedy: 'put it in a list' });
    }
  }
}
