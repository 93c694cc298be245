import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { append } from '../../core/append';
import { ConflictError, ValidationError } from '../../core/errors';
import { keyInEnvironment, onceFor } from '../../core/once';
import { requireText } from '../../core/validate';

const PREFIX_RULE = {
  minimum: 1,
  maximum: 256,
  pattern: /^[\w+=.@-]+(\/[\w+=.@-]+)*$/,
  allowed: '1 to 256 letters, digits and _+=.@-, with / between parts and not at the end, as text',
};

/** Names of secrets that begin alike, as a path does: `prod/` and all that follows. Nobody else in the app has such names. */
export class NameSpace {
  private readonly members = new Set<IConstruct>();

  /** `owner` is whose names they are, and what errors name. */
  constructor(private readonly owner: IConstruct, readonly prefix: string) {
    const input = { scope: owner, property: 'secretNamePrefix', remedy: "choose such a prefix, 'prod' for example" };
    requireText(input, prefix, PREFIX_RULE);
    if (Token.isUnresolved(prefix)) {
      // It would be a pattern that nobody has seen.
      throw new ValidationError({ ...input, got: prefix, allowed: PREFIX_RULE.allowed });
    }
    this.claim();
    owner.node.addValidation({ validate: () => this.strangers() });
  }

  /** What fits all names, and no other. */
  get pattern(): string {
    return `${this.prefix}/*`;
  }

  /** Takes a secret in, if its name is one of these. */
  add(secret: IConstruct, secretName: string | undefined): void {
    const beginning = `${this.prefix}/`;
    if (secretName === undefined || !secretName.startsWith(beginning) || secretName === beginning) {
      throw new ValidationError({
        scope: secret,
        property: 'secretName',
        got: secretName,
        allowed: `a name that begins with '${beginning}', as all of the platform '${this.owner.node.path}'`,
        remedy: 'choose such a name, or another platform',
      });
    }
    this.members.add(secret);
  }

  /** Platforms could not be told apart by name if the names of one were within the other's. */
  private claim(): void {
    const { owners, within } = onceFor(this.owner.node.root, 'name spaces', () =>
      ({ owners: new Map<string, IConstruct>(), within: new Map<string, IConstruct>() }));
    const [own, ...around] = [this.prefix, ...foldersOf(this.prefix)].map((folder) => keyInEnvironment(this.owner, folder));
    const other = [own, ...around].map((key) => owners.get(key)).find((owner) => owner) ?? within.get(own);
    if (other) {
      throw new ConflictError(this.owner, `\`secretNamePrefix\` is '${this.prefix}', and names of the platform '${other.node.path}' `
        + 'begin with it, or it with theirs: readers of all secrets of the one could read those of the other',
      "choose prefixes of which none is the beginning of another's path");
    }
    owners.set(own, this.owner);
    around.forEach((key) => within.set(key, this.owner));
  }

  /** Secrets of the app that have such a name and are none of these. */
  private strangers(): string[] {
    const [first, ...more] = (secretsByFolder(this.owner.node.root).get(keyInEnvironment(this.owner, this.prefix)) ?? [])
      .filter((secret) => !secret.node.scopes.some((scope) => this.members.has(scope)));
    return first
      ? [`the name of '${first.node.path}'${more.length > 0 ? `, and of ${more.length} more,` : ''} begins with '${this.prefix}/' `
        + 'and it is no secret of this platform, whose readers could read it'
        + (Stack.of(first).region === Stack.of(this.owner).region ? '' : ' by its replica here')
        + '; give it the platform, or another name']
      : [];
  }
}

/** One search for an app. */
function secretsByFolder(root: IConstruct): Map<string, CfnSecret[]> {
  return onceFor(root, 'secrets by folder', () => {
    const found = new Map<string, CfnSecret[]>();
    const secrets = root.node.findAll().filter((construct) => construct instanceof CfnSecret);
    for (const secret of secrets) {
      for (const folder of foldersOf(secret.name ?? '')) {
        for (const region of [undefined, ...replicaRegionsOf(secret)]) {
          append(found, keyInEnvironment(secret, folder, region), secret);
        }
      }
    }
    return found;
  });
}

/** Replicas have the name of their primary. */
function replicaRegionsOf({ replicaRegions }: CfnSecret): string[] {
  const replicas = Array.isArray(replicaRegions) ? replicaRegions as Partial<CfnSecret.ReplicaRegionProperty>[] : [];
  return replicas.flatMap(({ region }) => region ?? []);
}

/** What a path is in: `a/b/c` in `a/b` and in `a`. */
function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, parts.length - 1 - i).join('/'));
}
