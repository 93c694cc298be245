import { Component, javascript, type typescript } from 'projen';
import { FlatEslint } from './flat-eslint';

/** How long a file may be, in lines. */
const MAX_LINES = 250;
/** How long a line may be, in characters. */
const MAX_LINE_LENGTH = 130;
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
      // Statements for a database keep the lines that they have.
      '@stylistic/max-len': ['error', { code: MAX_LINE_LENGTH, ignoreUrls: true, ignoreTemplateLiterals: true }],
      '@typescript-eslint/explicit-member-accessibility': ['error', { accessibility: 'no-public' }],
      // Types are imported as types, so that it shows in the order of the folders what is only known and what is used.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'import/no-duplicates': ['error', { 'prefer-inline': true }],
      'import/order': [
        'error',
        { groups: ['builtin', 'external'], alphabetize: { order: 'asc', caseInsensitive: true }, named: true },
      ],
    });
    // An example names the package as a user does; its compiler is told where that is.
    eslint.addOverride({
      files: ['examples/**/*.ts', 'test/languages/**/*.ts'],
      rules: {
        'import/no-unresolved': ['error', { ignore: ['^cdk-secretsmanager-patterns(/(rotation-runtime|secret-client))?$'] }],
      },
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
