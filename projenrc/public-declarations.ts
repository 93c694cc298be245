import { Component, type typescript } from 'projen';

/**
 * Fails the build where a public declaration imports the root of aws-cdk-lib.
 *
 * The root's declarations make a user's compiler read twice as many files as those of the submodules.
 */
export class PublicDeclarations extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    project.postCompileTask.exec('tsx scripts/check-declarations.ts');
  }
}
