import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const FIXTURE = readFileSync(join(ROOT, 'rosetta/default.ts-fixture'), 'utf8');
const EXAMPLE = /^```ts\n(.*?)^```$/gms;

/** The guides' examples: those of the README and of the API are compiled with the constructs. */
const examples = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .sort()
  .flatMap((file) =>
    [...readFileSync(join(ROOT, 'docs', file), 'utf8').matchAll(EXAMPLE)].map(([, code], index) => ({
      name: `${file} ${index + 1}`,
      code,
    })),
  );

let folder: string;

beforeAll(() => {
  // Below the checkout, so that the examples find the AWS CDK.
  mkdirSync(join(ROOT, '.servers'), { recursive: true });
  folder = mkdtempSync(join(ROOT, '.servers', 'examples-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the compiler has against sources, each by name. */
function complaints(sources: readonly { name: string; code: string }[]): string[] {
  const files = sources.map(({ name, code }) => {
    const imports = code.split('\n').filter((line) => line.startsWith('import '));
    const file = join(folder, `${name.replace(/\W+/g, '-')}.ts`);
    const rest = code.split('\n').filter((line) => !imports.includes(line)).join('\n');
    // What exports is a file of its own.
    writeFileSync(file, /^export /m.test(rest) ? code : [...imports, FIXTURE.replace('/// here', () => rest)].join('\n'));
    return file;
  });
  const program = ts.createProgram(files, {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    esModuleInterop: true,
    types: ['node'],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    // The newest AWS CDK: guides show what only that has.
    paths: {
      'cdk-secretsmanager-patterns': [join(ROOT, 'src/index.ts')],
      'cdk-secretsmanager-patterns/rotation-runtime': [join(ROOT, 'rotation-runtime/index')],
      'cdk-secretsmanager-patterns/secret-client': [join(ROOT, 'secret-client/index')],
      ...Object.fromEntries(
        ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'].map((name) => [name, [join(ROOT, 'test/newest/node_modules', name)]]),
      ),
    },
  });
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map(({ messageText }) => `${file.slice(folder.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

test('the examples of the guides compile', () => {
  expect(examples.length).toBeGreaterThan(0);
  expect(complaints(examples)).toEqual([]);
});

test('an example that is wrong is noticed', () => {
  expect(complaints([{ name: 'wrong', code: "new HardenedSecret(this, 'Secret', { rotation: Rotation.never() });" }]))
    .toEqual([expect.stringContaining("'never' does not exist")]);
});
