import { CfnResource } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { onceFor } from '../../core/once';
import type { DatabaseTargetFacts } from '../../database/private/database-facts';
import { AttachedSecret } from '../../secret/private/attached-secret';
import type { SecretRecord } from '../../secret/private/secret-record';

/** An Amazon RDS Proxy, with what its resource says of the secrets that it reads: the list may be a token. */
interface ProxyResource extends CfnResource {
  readonly auth?: readonly { readonly secretArn?: string }[];
}

const PROXY = 'AWS::RDS::DBProxy';

/**
 * Refuses alternating users where an Amazon RDS Proxy signs in with their secret. It knows AWSCURRENT alone: as soon as it has
 * read that, it turns away the user that clients still hold, for whose sake users alternate.
 *
 * A proxy may be made after the secret, so that it is looked for at synthesis.
 */
export function refuseAlternatingBehindProxy({ scope, secret }: SecretRecord, { engine }: DatabaseTargetFacts): void {
  const others = [
    'Rotation.singleUser()',
    'Rotation.singleUserWithSuperuser()',
    ...(engine.dualPassword ? ['Rotation.dualPassword()'] : []),
  ];
  scope.node.addValidation({
    validate: () => {
      const known = proxiesOf(scope.node.root);
      const proxy = known.get(secret.secretArn) ?? known.get(AttachedSecret.consumableOf(secret).secretArn);
      return proxy ? [
        `Rotation.alternatingUsers() does not work with the Amazon RDS Proxy '${proxy.node.path}', which signs in with the `
          + 'secret: it knows AWSCURRENT alone, '
        + `and turns away the other user while clients still hold it; use ${others.join(' or ')}, or give the proxy a user and a `
        + 'secret of its own',
      ] : [];
    },
  });
}

/** The proxies of an app by the ARNs that they were given: searched for once, however many secrets ask. */
function proxiesOf(app: IConstruct): Map<string, ProxyResource> {
  return onceFor(
    app,
    'proxies',
    () =>
      new Map(
        app.node
          .findAll()
          .filter(isProxy)
          .flatMap((proxy) =>
            (Array.isArray(proxy.auth) ? proxy.auth : []).flatMap(({ secretArn }) =>
              secretArn === undefined ? [] : [[secretArn, proxy] as const],
            ),
          ),
      ),
  );
}

function isProxy(construct: IConstruct): construct is ProxyResource {
  return CfnResource.isCfnResource(construct) && construct.cfnResourceType === PROXY;
}
