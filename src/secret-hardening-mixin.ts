import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations } from 'aws-cdk-lib/core';
import { type IConstruct, RootConstruct } from 'constructs';
import { ValidationError } from './core/errors';
import { requireArguments } from './core/require-shape';
import { bindGuardRails, GuardRail } from './resource-policy/guard-rail';
import { requireOnlyPolicy, ResourcePolicies } from './secret/private/only-configuration';
import { OwnedSecret } from './secret/private/owned-secret';
import { changeOfPolicy, newPolicy, type PolicyChange } from './secret/private/policy-change';

/** Stable: users acknowledge the warning by this name. */
const NOT_HARDENED = 'cdk-secretsmanager-patterns:notHardened';

/** Rails that need to know nobody who reads or rotates a secret. */
const OF_ANY_SECRET = ['tlsOnly', 'organization'];

/**
 * Options of a `SecretHardeningMixin`.
 */
export interface SecretHardeningMixinOptions {
  /**
   * What the resource policy of each secret forbids: `GuardRail.tlsOnly()` and `GuardRail.organization()`. Others depend on who
   * reads and rotates a secret; add them with `SecretHardening.fromSecret(secret).addGuardRails()`.
   *
   * @default [GuardRail.tlsOnly()]
   */
  readonly guardRails?: GuardRail[];
}

/**
 * What would change of one secret.
 */
export interface SecretHardeningChange {
  /** Path of the secret's resource in the app. */
  readonly path: string;
  /** What would change, for people to read. */
  readonly change: string;
}

/**
 * Hardens every secret of an app, whatever construct has made it: guard rails in its resource policy, and no public policy.
 *
 * In place: no resource is replaced, no logical id is another, and no value is made anew. A `HardenedSecret` keeps the rails that
 * it has. Imported secrets are left as they are, for their policy cannot be changed here. A policy that was put on a secret by
 * hand is overwritten by the deployment.
 *
 * `preview(app)` says what would change, and `applyToAll(app)` changes it: last, for secrets that are made afterwards are not
 * reached. It is a mixin of the AWS CDK too: `Mixins.of(app).apply(mixin)`, in versions that have mixins.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html
 *
 * @example
 * const mixin = new SecretHardeningMixin({ guardRails: [GuardRail.tlsOnly()] });
 * mixin.applyToAll(app);
 */
export class SecretHardeningMixin {
  private readonly rails: GuardRail[];
  /** What the app had when the first secret was hardened. */
  private readonly policies = new ResourcePolicies();

  /**
   * Guard rails for any secret.
   *
   * @param options what is forbidden.
   * @throws for rails that depend on who reads and rotates a secret.
   */
  constructor(options: SecretHardeningMixinOptions = {}) {
    const scope = new RootConstruct('SecretHardeningMixin');
    requireArguments(scope, 'SecretHardeningMixin', [options]);
    this.rails = options.guardRails ?? [GuardRail.tlsOnly()];
    const other = this.rails.find((rail) => !OF_ANY_SECRET.includes(rail._kind));
    if (other) {
      throw new ValidationError({
        scope,
        property: 'guardRails',
        got: `GuardRail.${other._kind}()`,
        allowed: OF_ANY_SECRET.map((kind) => `GuardRail.${kind}()`).join(', '),
        remedy: 'it has to know who reads and who rotates the secret: use SecretHardening.fromSecret(secret).addGuardRails()',
      });
    }
  }

  /**
   * What would change, and where; nothing changes. A secret that has all of it already is not named.
   *
   * @param scope the app, or a part of it.
   */
  preview(scope: IConstruct): SecretHardeningChange[] {
    const policies = new ResourcePolicies();
    return this.secretsOf(scope).flatMap((resource) =>
      this.changesOf(resource, policies).map(({ description }) => ({ path: resource.node.path, change: description })));
  }

  /**
   * Hardens all secrets of the app so far, those of its stages too.
   *
   * @param scope the app, or a part of it.
   */
  applyToAll(scope: IConstruct): void {
    this.secretsOf(scope).forEach((resource) => this.applyTo(resource));
  }

  /**
   * Whether a construct is the resource of a secret that `HardenedSecret` has not made.
   *
   * @param construct any construct.
   */
  supports(construct: IConstruct): boolean {
    return construct instanceof CfnSecret && !(construct.node.scope instanceof OwnedSecret);
  }

  /**
   * Hardens one secret. What cannot be changed is a warning.
   *
   * @param construct the resource of a secret.
   */
  applyTo(construct: IConstruct): void {
    const resource = construct as CfnSecret;
    const hadPolicy = this.policies.of(resource).length > 0;
    for (const { description, make } of this.changesOf(resource, this.policies)) {
      const policy = make?.();
      if (policy && !hadPolicy) {
        this.policies.add(resource, policy);
        requireOnlyPolicy(resource);
      } else if (!policy) {
        Annotations.of(resource).addWarningV2(NOT_HARDENED, `${description}; add the guard rails to it, or acknowledge the warning`);
      }
    }
  }

  private secretsOf(scope: IConstruct): CfnSecret[] {
    return scope.node.findAll().filter((construct): construct is CfnSecret => this.supports(construct));
  }

  private changesOf(resource: CfnSecret, policies: ResourcePolicies): PolicyChange[] {
    // None of these rails asks for the roles.
    const statements = bindGuardRails(resource, this.rails, { rotationRoles: Array.of });
    const existing = policies.of(resource);
    return existing.length === 0
      ? statements.length === 0 ? [] : [newPolicy(resource, statements)]
      : existing.map((policy) => changeOfPolicy(policy, statements)).filter((change) => change !== undefined);
  }
}
