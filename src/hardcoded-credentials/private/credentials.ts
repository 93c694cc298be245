import { type Acknowledged, acknowledgementsOf } from './acknowledgements';
import { type AppSecret, secretFor, secretsOf } from './app-secrets';
import { Inspector } from './inspect';
import { remedyFor } from './remedies';
import { type MoreProperties, scanTemplate, type TemplateFinding } from './scan-template';
import type { Template } from './template-files';
import { isObject, type JsonObject, pathOf } from './template-text';
import type { HardcodedCredential } from '../hardcoded-credential';

/** A finding, and the place in the template by which the AWS CDK finds the code. */
export interface Credential {
  readonly finding: HardcodedCredential;
  readonly location: string;
}

const UNUSED = 'acknowledgement-without-finding';

/** The rules by name. */
export const RULES = ['credential-property', 'issuer-token', 'credential-name', 'credential-in-text', UNUSED];

/** What is hardcoded in the templates of an app and is not acknowledged, and acknowledgements that fit nothing. */
export function credentialsIn(templates: readonly Template[], more: MoreProperties): Credential[] {
  const secrets = secretsOf(templates.map(({ content }) => content));
  const inspector = new Inspector();
  return templates.flatMap((template) => {
    const acknowledged = acknowledgementsOf(template.content);
    const fits = new Map(acknowledged.map((entry) => [keyOf(entry), false]));
    const found = scanTemplate(template.content, more, inspector).filter((finding) => {
      const key = keyOf(finding);
      return fits.has(key) ? !fits.set(key, true) : true;
    });
    return [
      ...found.map((finding) => credentialOf(finding, template, secrets)),
      ...acknowledged.filter((entry) => fits.get(keyOf(entry)) === false).map((entry) => unusedOf(entry, template)),
    ];
  });
}

const keyOf = ({ logicalId, property }: Acknowledged): string => `${logicalId}\n${property}`;

function credentialOf(finding: TemplateFinding, template: Template, secrets: readonly AppSecret[]): Credential {
  const { logicalId, property, rule, why, section, location } = finding;
  const path = pathIn(template.content, section, logicalId);
  const secret = secretFor(finding, path, template.content, secrets);
  return {
    finding: {
      path,
      logicalId,
      property,
      templatePath: template.path,
      rule,
      reason: why,
      secretPath: secret?.path,
      fix: remedyFor(finding, secret),
    },
    location: `${section === 'Resources' ? 'Properties.' : `${section}.${logicalId}.`}${location}`,
  };
}

function unusedOf({ logicalId, property }: Acknowledged, { path: templatePath, content }: Template): Credential {
  return {
    finding: {
      path: pathIn(content, 'Resources', logicalId),
      logicalId,
      property,
      templatePath,
      rule: UNUSED,
      reason: 'it is acknowledged, and nothing is found there',
      fix: `Remove HardcodedCredentialCheck.acknowledge() for '${property}', or correct the property: findings say how it is written.`,
    },
    location: 'Metadata',
  };
}

function pathIn(template: JsonObject, section: string, logicalId: string): string {
  const entries = template[section];
  return pathOf(logicalId, isObject(entries) ? entries[logicalId] : undefined);
}
