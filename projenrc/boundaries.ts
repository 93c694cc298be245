import { Component, javascript, type typescript } from 'projen';

/** The agreed length of a file, in lines. */
const MAX_LINES = 300;

/** Says in the linter which way imports may point, how long a file may be and that what is public is documented. */
export class Boundaries extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    const eslint = javascript.Eslint.of(project);
    if (!eslint) {
      throw new Error('the project has no ESLint: the import directions would go unchecked');
    }
    eslint.addPlugins('jsdoc');
    eslint.addRules({
      'max-lines': ['error', { max: MAX_LINES }],
      'import/no-cycle': 'error',
      'import/no-restricted-paths': ['error', {
        zones: [
          { target: './src', from: './handlers', message: 'a construct reaches a handler only through contract/' },
          { target: './handlers', from: './src', except: ['./contract'], message: 'handlers import only contract/' },
          { target: './examples', from: './src', message: 'an example imports the package by its name, as a user does' },
        ],
      }],
    });
    // An example names the package as a user does; its compiler is told where that is.
    eslint.addOverride({ files: ['examples/**/*.ts'], rules: { 'import/no-unresolved': ['error', { ignore: ['^cdk-secretsmanager-patterns(/rotation-runtime)?$'] }] } });
    eslint.addOverride({ files: ['test/**/*.ts'], rules: { 'max-lines': ['error', { max: 500 }] } });
    eslint.addOverride({
      files: ['src/*.ts', 'src/*/*.ts'],
      excludedFiles: ['src/core/*.ts', 'src/contract/*.ts'],
      rules: {
        'jsdoc/require-description': ['error', { contexts: ['any'], exemptedBy: ['inheritdoc', 'internal'] }],
        'jsdoc/require-jsdoc': ['error', { publicOnly: true, checkConstructors: false, require: { ClassDeclaration: true, MethodDefinition: true }, contexts: ['TSInterfaceDeclaration', 'TSPropertySignature'] }],
      },
    } as javascript.EslintOverride);
  }
}
