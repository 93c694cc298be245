import { Component, type typescript } from 'projen';

/** Where the command is, once it is bundled. */
export const DRILL = '/drill/';

/** The command `npx cdk-secretsmanager-patterns drill`: a bundle of its own, which the constructs know nothing of. */
export class Drill extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    project.package.addBin({ [project.name]: 'drill/index.js' });
    project.gitignore.exclude(DRILL);
    project.compileTask.exec('tsx scripts/bundle-drill.ts');
  }
}
