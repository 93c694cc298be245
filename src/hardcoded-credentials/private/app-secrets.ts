import { wordsOf } from './property-names';
import type { TemplateFinding } from './scan-template';
import { isObject, type JsonObject, pathOf, referencesIn } from './template-text';
import { append } from '../../core/append';

/** A secret of the app, as its template describes it. */
export interface AppSecret {
  readonly path: string;
  readonly template: JsonObject;
  /** How all paths of its template begin: the stack says nothing of what the secret is for. */
  readonly ofAll: string;
  /** What its path, its name and its description consist of. */
  readonly words: ReadonlySet<string>;
  /** Logical ids of what it is attached to or used by, in its template. */
  readonly attachedTo: ReadonlySet<string>;
  /** The field of its JSON that is the credential; none for a secret that is a text. */
  readonly field?: string;
}

/** Words that every secret has, or every app. */
const COMMON = new Set(`
  secret secrets secretsmanager password resource default key credentials creds value values environment variables
  properties stack app service task definition container definitions function lambda the of for user master token prod
  dev api auth url string name to with and it handler data command parameters my custom aws cdk db database attachment
`.split(/\s+/));
const TYPE = 'AWS::SecretsManager::Secret';

/** All secrets of several templates. */
export function secretsOf(templates: readonly JsonObject[]): AppSecret[] {
  return templates.flatMap((template) => {
    const resources = Object.entries(isObject(template.Resources) ? template.Resources : {})
      .filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
    const secrets = resources.filter(([, { Type }]) => Type === TYPE);
    const attached = attachments(resources, new Set(secrets.map(([id]) => id)));
    const ofAll = sharedBy(resources.map(([id, resource]) => pathOf(id, resource)).filter((path) => path.includes('/')));
    return secrets.map(([logicalId, resource]) => {
      const properties = isObject(resource.Properties) ? resource.Properties : {};
      const path = pathOf(logicalId, resource);
      return {
        path,
        template,
        ofAll,
        words: wordsIn(within(path, ofAll), properties.Name, properties.Description),
        attachedTo: new Set(attached.get(logicalId)),
        field: fieldOf(properties.GenerateSecretString) ?? (attached.has(logicalId) ? 'password' : undefined),
      };
    });
  });
}

/**
 * The secret that fits a finding best: attached to what it is about, or called alike, in the same template rather than in
 * another.
 */
export function secretFor(
  finding: TemplateFinding, path: string, template: JsonObject, secrets: readonly AppSecret[],
): AppSecret | undefined {
  const about = [finding.logicalId, ...finding.references];
  let [best, most] = [undefined as AppSecret | undefined, 0];
  for (const secret of secrets) {
    const here = secret.template === template;
    const attached = here && about.some((id) => secret.attachedTo.has(id)) ? 10 : 0;
    const words = wordsIn(within(path, secret.ofAll), finding.property, finding.key);
    const shared = Array.from(words).filter((word) => secret.words.has(word)).length;
    const score = attached + shared > 0 ? attached + shared + (here ? 0.5 : 0) : 0;
    if (score > most) {
      [best, most] = [secret, score];
    }
  }
  return best;
}

/** By secret, what it is attached to: by an attachment, or because a password is taken from it. */
function attachments(resources: readonly [string, JsonObject][], secrets: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [logicalId, { Type, Properties }] of resources) {
    if (isObject(Properties) && Type === 'AWS::SecretsManager::SecretTargetAttachment') {
      referencesIn(Properties.SecretId).forEach((secret) => append(found, secret, ...referencesIn(Properties.TargetId)));
    } else if (isObject(Properties) && typeof Type === 'string' && /^AWS::(?:RDS|DocDB|Redshift|Neptune)/.test(Type)) {
      referencesIn(Properties.MasterUserPassword).filter((id) => secrets.has(id))
        .forEach((secret) => append(found, secret, logicalId));
    }
  }
  return found;
}

const within = (path: string, around: string): string => path.startsWith(around) ? path.slice(around.length) : path;

/** The constructs around everything in a template. */
function sharedBy(paths: readonly string[]): string {
  const [first, ...others] = paths.map((path) => path.split('/'));
  const length = first?.findIndex((id, index) => index === first.length - 1 || others.some((ids) => ids[index] !== id));
  return length === undefined ? '' : first.slice(0, others.length === 0 ? 1 : length).join('/');
}

function fieldOf(generated: unknown): string | undefined {
  return isObject(generated) && typeof generated.GenerateStringKey === 'string' ? generated.GenerateStringKey : undefined;
}

function wordsIn(...texts: unknown[]): Set<string> {
  return new Set(texts.flatMap((text) => typeof text === 'string' ? wordsOf(text) : [])
    .filter((word) => word.length > 1 && !COMMON.has(word) && !/^\d|^[0-9a-f]{6,}$/.test(word)));
}
