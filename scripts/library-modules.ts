import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** Packages, each of which is to be loaded in one place. */
const PACKAGE = /^package:/;
/** What it exports again of others. */
const AGAIN =
  /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.(\w+); \} \}\);$/mg;
/** Its name is to be the one that stack traces show and jsii looks for, whatever a minifier calls it. */
const CLASS = /^class (\w+)(?: extends [\w.]+)? \{$/mg;
const LEFT_OVER = /\bexports(?=[.,)[])|\brequire\(['"]\./;

/**
 * The ES module that the compiler has made a CommonJS module of: jsii has it write those alone.
 *
 * What esbuild sees as ES modules it puts beside each other, under their own names. CommonJS modules it has to leave as they are:
 * functions that are called for objects, a seventh of what is packed.
 */
export function toEsModule(code: string): string {
  const pathOf = new Map<string, string>();
  const content = code
    .replace(/^"use strict";\n/, '')
    .replace(/^Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);\n/m, '')
    .replace(/^(?:exports\.\w+ = )+void 0;\n/mg, '');
  const exported = new Set([...content.matchAll(/\bexports\.(\w+) = /g)].map(([, name]) => name));
  const body = content
    .replace(/^(?:const|var) (\w+) = require\("(\.[^"]+)"\);$/mg, (_, name: string, path: string) => {
      pathOf.set(name, path);
      return `import * as ${name} from '${path}';`;
    })
    .replace(/^(?:const|var) (\w+) = require\("([^"]+)"\);$/mg, "import $1 from 'package:$2';")
    .replace(/^require\("(\.[^"]+)"\);$/mg, "import '$1';")
    .replace(AGAIN, (_, name: string, from: string, original: string) =>
      `export { ${original} as ${name} } from '${pathOf.get(from)}';`)
    // Enumerations, then functions and classes, which have a name of their own, then values, which have none.
    .replace(/exports\.(\w+) = \1 = \{\}/g, '$1 = {}')
    .replace(/^exports\.(\w+) = \1;\n/mg, '')
    .replace(/^exports\.(\w+) = /mg, 'const $1 = ')
    .replace(CLASS, "$&\n    static name = '$1';")
    .replace(/\bexports\.(\w+)/g, '$1');
  const [leftOver] = LEFT_OVER.exec(body) ?? [];
  if (leftOver !== undefined) {
    throw new Error(`the compiler has written ${leftOver} where this script knows no meaning of it`);
  }
  return `${body}\nexport { ${[...exported].join(', ')} };`;
}

/** What jsii has compiled, as ES modules. */
export const asEsModules: Plugin = {
  name: 'as-es-modules',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\/lib\/.*\.js$/ }, ({ path }) => ({ contents: toEsModule(readFileSync(path, 'utf8')), loader: 'js' }));
    onResolve({ filter: PACKAGE }, ({ path }) => ({ path: path.replace(PACKAGE, ''), namespace: 'package' }));
    onResolve({ filter: /.*/, namespace: 'package' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => ({ contents: `export default require('${path}');` }));
  },
};
