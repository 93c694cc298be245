import { posix } from 'node:path';

/** What a site is laid out from. */
export interface Sources {
  /** Address of the repository. */
  readonly repository: string;
  /** Files of the site, by their paths in the repository. */
  readonly files: ReadonlySet<string>;
}

/** The page that the README becomes. */
const HOME = 'index.md';

/** A page with links that hold on the site: what is not on it is in the repository. */
export function withLinks(page: string, markdown: string, sources: Sources): string {
  // Examples are kept as they are.
  return markdown.split(/(^ *```[^]*?^ *```$)/m).map((part, index) => index % 2 === 1
    ? part
    : part.replace(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (_, text: string, target: string) =>
      link(page, text, target, sources))).join('');
}

function link(page: string, text: string, target: string, { repository, files }: Sources): string {
  const addresses = [`${repository}/blob/main/`, `${repository.replace('//github.com/', '//raw.githubusercontent.com/')}/main/`];
  const address = addresses.find((start) => target.startsWith(start));
  if (address === undefined && /^(?:[a-z]+:|#)/.test(target)) {
    return `[${text}](${target})`;
  }
  const [path, anchor] = target.slice(address?.length ?? 0).split('#');
  const file = address === undefined ? posix.join(posix.dirname(page), path) : path;
  const end = anchor === undefined ? '' : `#${anchor}`;
  if (!files.has(file)) {
    return `[${text}](${addresses[0]}${file}${end})`;
  }
  const relative = posix.relative(posix.dirname(page), file === 'README.md' ? HOME : file);
  // The anchors of the reference are its own, and not those of headings.
  return file === 'API.md' && anchor !== undefined
    ? `<a href="${relative.replace('.md', '.html')}${end}">${text}</a>`
    : `[${text}](${relative}${end})`;
}

/** Pages of the navigation, under a heading. */
export interface Part {
  readonly caption: string;
  readonly pages: readonly string[];
}

/** What the tables of the guides' index lead to: the head of each is its caption. A page is listed where it comes first. */
export function partsOf(index: string): Part[] {
  const seen = new Set<string>();
  return index.split(/\n\n+/).filter((block) => block.startsWith('|')).map((table) => ({
    caption: table.split('|')[1].trim(),
    pages: [...table.matchAll(/\]\(([^)#]+\.md)[^)]*\)/g)].map(([, target]) => posix.join('docs', target))
      .filter((page) => page !== 'README.md' && !seen.has(page) && seen.add(page)),
  }));
}

/** The parts as Sphinx takes them. */
export function navigation(parts: readonly Part[]): string {
  return parts.map(({ caption, pages }) => [
    '', '```{toctree}', ':hidden:', ':maxdepth: 1', `:caption: ${caption[0].toUpperCase()}${caption.slice(1)}`, '',
    ...pages.map((page) => page.replace(/\.md$/, '')), '```', '',
  ].join('\n')).join('\n');
}

/** A page without a rule at its end, which Sphinx refuses: the reference has one where it ends with a method. */
export function withoutRuleAtEnd(markdown: string): string {
  return markdown.replace(/\n---\s*$/, '\n');
}
