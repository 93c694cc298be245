/**
 * How pods get the permissions of their service account.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html
 *
 * @example
 * secret.delivery.toCsiDriver(cluster, {
 *   name: 'database',
 *   serviceAccount,
 *   identity: KubernetesIdentity.POD_IDENTITY,
 * });
 */
export class KubernetesIdentity {
  /**
   * IAM roles for service accounts (IRSA): the role trusts the cluster's OpenID Connect provider.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
   */
  static readonly SERVICE_ACCOUNT_ROLE = new KubernetesIdentity(false);

  /**
   * EKS Pod Identity: the cluster's agent hands out the role's credentials. Make the service account with the identity type
   * `POD_IDENTITY`, where the AWS CDK in use has it.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
   */
  static readonly POD_IDENTITY = new KubernetesIdentity(true);

  /** @internal */
  readonly _isPodIdentity: boolean;

  private constructor(isPodIdentity: boolean) {
    this._isPodIdentity = isPodIdentity;
  }
}
