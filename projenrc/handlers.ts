import { Component, type typescript } from 'projen';

/**
 * Bundles every `handlers/<name>/index.ts` into `assets/<name>/index.js`, so that nothing is bundled when a user synthesises.
 *
 * The sources stay out of the package: users get all functions in `assets/functions.br`, and their licences. What their own
 * functions and applications import, `rotation-runtime/` and `secret-client/`, are bundles as well, with declarations.
 */
export class Handlers extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    const bundle = project.addTask('bundle', {
      description: 'Bundle the rotation functions into assets/',
      exec: 'tsx scripts/bundle-handlers.ts',
    });
    project.preCompileTask.spawn(bundle);
    project.gitignore.exclude('/assets/');
    project.addPackageIgnore('!/assets/');
    project.addPackageIgnore('/handlers/');
  }
}
