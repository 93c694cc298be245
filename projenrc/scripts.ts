import { Component, type typescript } from 'projen';

/** The commands that users and maintainers type. */
export class Scripts extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    project.addTask('demo', { description: 'Synthesise the example and say what it made', exec: 'node scripts/demo.mjs' });
    const checked = project.addTask('compile:checked', { description: 'Bundle and compile, and fail where API.md is not what the sources say' });
    checked.spawn(project.preCompileTask);
    checked.spawn(project.compileTask);
    checked.exec('tsx scripts/check-declarations.ts');
    checked.exec('mkdir -p .servers && jsii-docgen -o .servers/API.md && cmp API.md .servers/API.md', { name: 'API.md is what the sources say (else: npx projen docgen)' });
    checked.exec('jsii-rosetta extract --compile --fail --strict .', { name: 'examples compile' });
    project.testTask.reset('node scripts/test.mjs', { receiveArgs: true });
  }
}
