import { FileBase, type IResolver, javascript, type typescript } from 'projen';

/** What this file takes from projen's configuration. */
interface ProjenConfig {
  readonly plugins: readonly string[];
  readonly parserOptions: object;
  readonly settings: object;
  readonly ignorePatterns: readonly string[];
  readonly rules: Record<string, unknown>;
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly excludedFiles?: readonly string[];
    readonly rules: object;
  }[];
}

/** Of each plugin: its package, and the name that the file imports it by. */
const PLUGINS: Record<string, [string, string]> = {
  '@stylistic': ['@stylistic/eslint-plugin', 'stylistic'],
  '@typescript-eslint': ['@typescript-eslint/eslint-plugin', 'typescript'],
  'import': ['eslint-plugin-import', 'imports'],
  'jsdoc': ['eslint-plugin-jsdoc', 'jsdoc'],
};

/**
 * Writes projen's ESLint configuration in the flat form, which ESLint reads in an editor as well.
 *
 * projen writes `.eslintrc.json` only, and its task tells ESLint to read that. Its rules stay as they are, with what was added to
 * them. Rules that need no types hold for scripts in JavaScript too.
 */
export class FlatEslint extends FileBase {
  private readonly eslint: javascript.Eslint;

  constructor(project: typescript.TypeScriptProject) {
    const eslint = javascript.Eslint.of(project);
    if (!eslint) {
      throw new Error('the project has no ESLint: there is no configuration to write');
    }
    super(project, 'eslint.config.mjs');
    this.eslint = eslint;
    project.tryRemoveFile('.eslintrc.json');
    project.addPackageIgnore('/eslint.config.mjs');
    // projen sets this to false, and then ESLint reads nothing else than the old form.
    eslint.eslintTask.env('ESLINT_USE_FLAT_CONFIG', 'true');
  }

  protected synthesizeContent(resolver: IResolver): string {
    const { plugins, parserOptions, settings, ignorePatterns, rules, overrides } =
      resolver.resolve(this.eslint.config) as ProjenConfig;
    const untyped = Object.fromEntries(Object.entries(rules).filter(([rule]) => !rule.startsWith('@typescript-eslint/')));
    const configurations = [
      { ignores: ignorePatterns.filter((pattern) => !pattern.startsWith('!')) },
      { linterOptions: { reportUnusedDisableDirectives: 'error' } },
      { files: ['**/*.mjs', '**/*.cjs'], plugins: '@@plugins', settings, rules: untyped },
      { files: ['**/*.ts'], plugins: '@@plugins', languageOptions: { parser: '@@parser', parserOptions }, settings, rules },
      ...overrides.map(({ files, excludedFiles, rules: own }) => ({
        files,
        ...(excludedFiles && { ignores: excludedFiles }),
        rules: own,
      })),
    ];
    return [
      `// ${this.marker}`,
      "import parser from '@typescript-eslint/parser';",
      ...plugins.map((plugin) => `import ${PLUGINS[plugin][1]} from '${PLUGINS[plugin][0]}';`),
      '',
      `const plugins = { ${plugins.map((plugin) => `'${plugin}': ${PLUGINS[plugin][1]}`).join(', ')} };`,
      '',
      'export default [',
      '  { settings: imports.flatConfigs.typescript.settings },',
      ...configurations.map((one) => JSON.stringify(one, undefined, 2).replace(/"@@(\w+)"/g, '$1').replace(/^/gm, '  ') + ','),
      '];',
      '',
    ].join('\n');
  }
}
