import { Component, javascript, type typescript } from 'projen';
import { FlatEslint } from './flat-eslint';

/** How long a file may be, in lines. */
const MAX_LINES = 300;
/** How long a test may be: it has many cases of one concept. */
const MAX_TEST_LINES = 500;

/** One way to write what can be written in several, and documentation for what is public. */
export class Lint extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    const eslint = javascript.Eslint.of(project);
    if (!eslint) {
      throw new Error('the project has no ESLint: its style would go unchecked');
    }
    eslint.addPlugins('jsdoc');
    const [level, options] = eslint.rules['import/no-extraneous-dependencies'];
    eslint.addRules({
      // The servers of the tests have a package.json of their own, for what they install.
      'import/no-extraneous-dependencies': [level, { ...options, packageDir: '.' }],
      'max-lines': ['error', { max: MAX_LINES }],
    });
    // An example names the package as a user does; its compiler is told where that is.
    eslint.addOverride({
      files: ['examples/**/*.ts'],
      rules: { 'import/no-unresolved': ['error', { ignore: ['^cdk-secretsmanager-patterns(/rotation-runtime)?$'] }] },
    });
    eslint.addOverride({ files: ['test/**'], rules: { 'max-lines': ['error', { max: MAX_TEST_LINES }] } });
    eslint.addOverride({
      files: ['src/*.ts', 'src/*/*.ts'],
      excludedFiles: ['src/{contract,core,private}/*.ts'],
      rules: {
        'jsdoc/require-description': ['error', { contexts: ['any'], exemptedBy: ['inheritdoc', 'internal'] }],
        'jsdoc/require-jsdoc': ['error', {
          publicOnly: true,
          checkConstructors: false,
          require: { ClassDeclaration: true, MethodDefinition: true },
          contexts: ['TSInterfaceDeclaration', 'TSPropertySignature'],
        }],
      },
    } as javascript.EslintOverride);
    new FlatEslint(project);
  }
}
