/**
 * Whether a service of AWS may read a secret for a principal, from where the service runs: what `GuardRail.vpcEndpoints()` makes
 * of requests in a forward access session (`aws:ViaAWSService`).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 *
 * @example
 * const endpoint = ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(this, 'Endpoint', {
 *   vpcEndpointId: 'vpce-0123456789abcdef0',
 *   port: 443,
 * });
 * new HardenedSecret(this, 'Inside', {
 *   rotation: Rotation.regenerate(),
 *   guardRails: [
 *     GuardRail.tlsOnly(),
 *     GuardRail.vpcEndpoints([endpoint], { forwardAccessSessions: ForwardAccessSessions.DENIED }),
 *   ],
 * });
 */
export class ForwardAccessSessions {
  /**
   * A service that acts for a reader reads, although it uses no endpoint of yours: AWS CloudFormation for whoever deploys, or a
   * service that signs in to a database with the secret for whoever runs a query. It has the reader's permissions, no more.
   */
  static readonly EXEMPT = new ForwardAccessSessions(true);

  /**
   * Nobody reads by way of a service either. AWS CloudFormation reads as its own role, which has to be known: the one that the
   * stack's synthesizer names, or `deployers`.
   */
  static readonly DENIED = new ForwardAccessSessions(false);

  /** @internal */
  readonly _isExempt: boolean;

  private constructor(isExempt: boolean) {
    this._isExempt = isExempt;
  }
}
