import type { BundledPackage } from './bundled-packages';

/** What this takes from the report of `npm audit --json`. */
export interface AuditReport {
  readonly vulnerabilities?: Readonly<Record<string, {
    readonly nodes: readonly string[];
    /** Other packages that it has the vulnerability of, by name; or its own. */
    readonly via: readonly (string | { readonly title: string; readonly url: string; readonly severity: string })[];
  }>>;
}

/** Whether a copy is the one that is bundled: below the project itself, or below what is bundled. */
function isBundled(node: string, packages: readonly BundledPackage[]): boolean {
  return node.split('node_modules/').slice(1).every((part) => packages.some(({ name }) => part.replace(/\/$/, '') === name));
}

/**
 * A line for each published vulnerability of a package that is in a bundle, whatever its severity: whether a function can reach
 * it is for a person to say.
 *
 * @throws Error if the report is none
 */
export function knownVulnerabilities({ vulnerabilities }: AuditReport, packages: readonly BundledPackage[]): string[] {
  if (vulnerabilities === undefined) {
    throw new Error('this is no report of npm audit: it lists no vulnerabilities, not even none');
  }
  return Object.entries(vulnerabilities)
    .filter(([, { nodes }]) => nodes.some((node) => isBundled(node, packages)))
    .flatMap(([name, { via }]) => {
      const { version, bundles } = packages.find((bundled) => bundled.name === name)!;
      return via.filter((cause) => typeof cause !== 'string')
        .map(({ title, url, severity }) => `${name} ${version}, in ${bundles.join(', ')}: ${severity}: ${title} (${url})`);
    });
}
