import { Component, type typescript } from 'projen';

/** What is made of the guides, and what they are checked for. */
export class Documents extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    project.addTask('pictures', {
      description: 'Draw the pictures of the README and the guides into docs/',
      steps: [{ spawn: 'bundle' }, { exec: 'tsx scripts/draw-pictures.ts' }],
    });
    const prose = project.addTask('prose', {
      description: 'Check the links, the spelling and the style of the documents',
      steps: [
        { exec: 'node scripts/document-tools.mjs' },
        { exec: 'node_modules/.bin/markdownlint-cli2', cwd: 'site' },
        { exec: 'node_modules/.bin/cspell lint --no-progress --config cspell.json "../*.md" "../docs/**/*.md"', cwd: 'site' },
      ],
    });
    project.tasks.tryFind('lint')!.spawn(prose);
    project.addTask('docs', {
      description: 'Make the site in dist/site from the README, the guides and the API reference',
      steps: [{ exec: 'node scripts/document-tools.mjs --site' }, { exec: 'tsx scripts/site/build.ts', receiveArgs: true }],
    });
    project.addTask('docs:look', {
      description: 'Take pictures of the site as phones and desktops show it, with Chromium',
      exec: 'node scripts/site/screenshots.mjs',
    });
    // What is drawn is synthesised, so the functions have to be bundled: `lint` runs without them.
    project.tasks.tryFind('compile:checked')!.exec('tsx scripts/draw-pictures.ts --check', {
      name: 'the pictures in docs/ are what the sources say (else: npx projen pictures)',
    });
  }
}
