import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const LINK = /<(?:a|link|img|script|source)\b[^>]*?\s(?:href|src)="([^"]*)"/g;
const ANCHOR = /\s(?:id|name)="([^"]*)"/g;

/** The links between files of a folder of HTML that lead nowhere, or that need a server; each with its page. */
export function deadLinks(folder: string): string[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (file: string): ReadonlySet<string> => {
    const known = anchors.get(file) ?? new Set([...readFileSync(file, 'utf8').matchAll(ANCHOR)].map(([, id]) => plain(id)));
    anchors.set(file, known);
    return known;
  };
  const isDead = (from: string, target: string): boolean => {
    if (/^[a-z]+:/i.test(target)) {
      return false;
    }
    const [path, anchor = ''] = target.replace(/\?[^#]*/, '').split('#');
    const file = path === '' ? from : resolve(dirname(from), decodeURIComponent(path));
    const isOutside = path.startsWith('/') || relative(folder, file).startsWith('..');
    return isOutside || !existsSync(file)
      || anchor !== '' && file.endsWith('.html') && !anchorsOf(file).has(decodeURIComponent(anchor));
  };
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html')).flatMap((page) => {
    const from = join(folder, page);
    const targets = [...readFileSync(from, 'utf8').matchAll(LINK)].map(([, target]) => plain(target));
    return [...new Set(targets)].filter((target) => isDead(from, target)).map((target) => `${page}: ${target}`);
  });
}

function plain(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
