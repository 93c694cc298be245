import { Component, type typescript } from 'projen';

/** What is made of the guides, and what they are checked for. */
export class Documents extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    project.addTask('pictures', {
      description: 'Draw the pictures of the README and the guides into docs/',
      steps: [{ spawn: 'bundle' }, { exec: 'tsx scripts/draw-pictures.ts' }],
    });
    // What is drawn is synthesised, so the functions have to be bundled: `lint` runs without them.
    project.tasks.tryFind('compile:checked')!.exec('tsx scripts/draw-pictures.ts --check', {
      name: 'the pictures in docs/ are what the sources say (else: npx projen pictures)',
    });
  }
}
