// Writes CHANGELOG.md from the conventional commits of this clone: a section for each release, and one for what is unreleased.
import { writeFileSync } from 'node:fs';
import { ConventionalChangelog } from 'conventional-changelog';

const HEADER = `# Changelog

<!-- Generated from the commit messages: run "npx projen changelog". Do not edit. -->
`;

/** Without hashes, which a rebase changes, and without links to an address that only the project definition knows. */
const COMMIT = '* {{#if scope}}**{{scope}}:** {{/if}}{{subject}}\n';
const RELEASE = '## {{#if released}}{{version}} ({{date}}){{else}}Unreleased{{/if}}\n';

const sections = new ConventionalChangelog()
  .readPackage()
  .loadPreset('conventionalcommits')
  .options({ releaseCount: 0, outputUnreleased: true })
  .writer({
    headerPartial: RELEASE,
    commitPartial: COMMIT,
    finalizeContext: (context, _options, _commits, release) => ({ ...context, released: Boolean(release) }),
  });

let text = HEADER;
for await (const section of sections.write()) {
  text += `\n${section.trim()}\n`;
}
writeFileSync('CHANGELOG.md', text);
