import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { runInThisContext } from 'node:vm';
import type * as typescript from 'typescript';

/** A change of one source text, in memory only. */
export interface Patch {
  /** Path from the root of the project. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

type Exports = Record<string, unknown>;

const ROOT = path.resolve(__dirname, '../../..');
const importNode = createRequire(__filename);
const { version } = importNode('typescript/package.json') as { readonly version: string };
const transpiled = new Map<string, string>();
/** TypeScript takes longer to load, and then to do its work, than the smaller checks: what it has made is kept for others. */
const CACHE = path.join(ROOT, 'node_modules/.cache/model');

/**
 * Loads a module with everything of this project that it imports anew, with changes.
 *
 * Nothing that it loads is instrumented for the coverage, which makes it several times as fast.
 */
export function loadModule<T>(file: string, patches: readonly Patch[] = []): T {
  const loaded = new Map<string, Exports>();
  const missing = new Set(patches);
  const load = (absolute: string): Exports => {
    const known = loaded.get(absolute);
    if (known) {
      return known;
    }
    const module = { exports: {} as Exports };
    loaded.set(absolute, module.exports);
    let source = readFileSync(absolute, 'utf8');
    for (const patch of patches.filter(
      (candidate) => path.resolve(ROOT, candidate.file) === absolute && source.includes(candidate.from),
    )) {
      source = source.replace(patch.from, () => patch.to);
      missing.delete(patch);
    }
    const resolve = (name: string): unknown =>
      name.startsWith('.') ? load(resolved(path.resolve(path.dirname(absolute), name))) : importNode(name);
    // In the context of Node.js itself: in one that jest makes, every look at a global costs many times as much.
    const run = runInThisContext(`(function (exports, require, module) {${transpile(source)}\n})`, absolute) as Function;
    run(module.exports, resolve, module);
    loaded.set(absolute, module.exports);
    return module.exports;
  };
  const exported = load(path.resolve(ROOT, file)) as T;
  const [lost] = missing;
  if (lost) {
    throw new Error(`${lost.file} is not loaded or has no such text: ${lost.from}`);
  }
  return exported;
}

function resolved(absolute: string): string {
  return existsSync(`${absolute}.ts`) ? `${absolute}.ts` : path.join(absolute, 'index.ts');
}

function transpile(source: string): string {
  let code = transpiled.get(source);
  if (code === undefined) {
    const file = path.join(CACHE, createHash('sha256').update(version).update(source).digest('hex'));
    code = existsSync(file) ? readFileSync(file, 'utf8') : transpileInto(file, source);
    transpiled.set(source, code);
  }
  return code;
}

function transpileInto(file: string, source: string): string {
  const { requireOnce } = globalThis as unknown as { readonly requireOnce: NodeJS.Require };
  const ts = requireOnce('typescript') as typeof typescript;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  mkdirSync(CACHE, { recursive: true });
  // Others may read it at the same time.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, outputText);
  renameSync(unfinished, file);
  return outputText;
}
