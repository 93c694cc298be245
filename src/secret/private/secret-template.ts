import { CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Token } from 'aws-cdk-lib/core';

/**
 * The fields of the JSON that Secrets Manager completes with a generated value, of a secret of the app; none where they are not
 * known yet: whoever resolves a token early fixes what it says.
 */
export function fieldsInTemplate(secret: ISecret): Readonly<Record<string, unknown>> {
  const resource = secret.node.defaultChild;
  const generated: unknown = resource instanceof CfnSecret ? resource.generateSecretString : undefined;
  const { secretStringTemplate: template } = generated as { secretStringTemplate?: unknown } ?? {};
  try {
    return typeof template === 'string' && !Token.isUnresolved(template) ? { ...JSON.parse(template) as object } : {};
  } catch {
    return {};
  }
}
