import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { App } from 'aws-cdk-lib/core';
import * as ts from 'typescript';
import * as library from '../../src';

const ROOT = join(__dirname, '..', '..');
const requireFromRoot = createRequire(join(ROOT, 'package.json'));

/** What the example's application would be. */
const APPLICATION = join(ROOT, 'examples', 'my-custom-app', 'my-custom-app');

/** The code of the first example of a README: a whole file. */
export function firstExample(readme: string): string {
  const code = /^```ts nofixture\n(.*?)^```$/ms.exec(readme)?.[1];
  if (code === undefined) {
    throw new Error('the README has no example that is a whole file');
  }
  return code;
}

/**
 * The app of the README's first example, as it is, except for the code of its application: that signs in to the database.
 *
 * `outdir` is the directory of its cloud assembly.
 */
export function readmeApp(outdir: string): App {
  const apps: App[] = [];
  class ReadmeApp extends App {
    constructor() {
      super({ outdir, analyticsReporting: false });
      apps.push(this);
    }
  }
  const substitutes: Readonly<Record<string, object>> = {
    'aws-cdk-lib': { App: ReadmeApp },
    'aws-cdk-lib/aws-lambda': { Code: { fromInline: () => Code.fromAsset(APPLICATION) } },
  };
  const source = firstExample(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  compileFunction(outputText, ['exports', 'require'])({}, (name: string) => withSubstitutes(moduleOf(name), substitutes[name]));
  if (apps.length !== 1) {
    throw new Error(`the README's first example makes ${apps.length} apps: it is one whole file`);
  }
  return apps[0];
}

/** What the example imports: the AWS CDK, and of the library the one of this checkout. */
function moduleOf(name: string): object {
  if (name === 'cdk-secretsmanager-patterns') {
    return library;
  }
  if (!/^aws-cdk-lib(\/|$)/.test(name)) {
    throw new Error(`the README's first example imports ${name}, which its five lines of installation do not bring`);
  }
  return requireFromRoot(name) as object;
}

/** The module with some of its names replaced; of the others each is loaded when it is asked for. */
function withSubstitutes(module: object, substitutes: object = {}): object {
  return new Proxy(module, {
    get: (target, name, receiver): unknown => name in substitutes
      ? Reflect.get(substitutes, name)
      : Reflect.get(target, name, receiver),
  });
}
