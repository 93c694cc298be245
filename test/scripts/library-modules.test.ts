import * as ts from 'typescript';
import { toEsModule } from '../../scripts/library-modules';

/** What a compiler that writes CommonJS modules makes of a source. */
const compiled = (source: string): string => ts.transpileModule(source, {
  compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
}).outputText;

const linesOf = (source: string): string[] => toEsModule(compiled(source)).split('\n').map((line) => line.trim()).filter(Boolean);

test('functions, classes, enumerations and values stay exported', () => {
  expect(linesOf(`
    export function used() { return LIMIT; }
    export class Shape {}
    export enum Kind { ONE }
    export const LIMIT = 3, MOST = LIMIT;`)).toEqual([
    'function used() { return LIMIT; }',
    'class Shape {', "static name = 'Shape';", '}',
    'var Kind;', '(function (Kind) {', 'Kind[Kind["ONE"] = 0] = "ONE";', '})(Kind || (Kind = {}));',
    'const LIMIT = 3, MOST = LIMIT;',
    'export { used, Shape, Kind, LIMIT, MOST };',
  ]);
});

test('imports and what is exported again refer to the same files, and packages to one place', () => {
  expect(linesOf(`
    import './first';
    import { Stack } from 'aws-cdk-lib/core';
    import { helper } from '../helper';
    export { other as another } from './other';
    export const made = helper(Stack);`)).toEqual([
    "import './first';",
    "import core_1 from 'package:aws-cdk-lib/core';",
    "import * as helper_1 from '../helper';",
    "import * as other_1 from './other';",
    "export { other as another } from './other';",
    'const made = (0, helper_1.helper)(core_1.Stack);',
    'export { made };',
  ]);
});

test('a class that extends another has a name of its own', () => {
  expect(linesOf(`
    import { Construct } from 'constructs';
    class Inner extends Construct {}`)).toContain("static name = 'Inner';");
});

test.each([
  ['a file that is loaded later', "export const later = () => require('./later');"],
  ['exports under names that are known later', "export default 1; (exports as any)['x'] = 1; use(exports);"],
])('refuses %s', (_, source) => {
  expect(() => toEsModule(compiled(source))).toThrow('where this script knows no meaning of it');
});
