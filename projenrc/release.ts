import { type awscdk, Component, type typescript } from 'projen';
import { ReleaseTrigger } from 'projen/lib/release';

/** The Node.js of the release: npm publishes without a token from 11.5 on, and what raises the version needs 22. */
const NODE = '24';
/** What a release is made of beside the packages. */
const SBOM = 'dist/sbom.cdx.json';
const WORKFLOW = '.github/workflows/release.yml';

/**
 * A release is started by hand, and goes to all registries at once.
 *
 * npm, PyPI and NuGet know the workflow and take no token; Maven Central takes a key and a password, GitHub a token for the
 * repository of the Go module.
 */
export const RELEASE = {
  release: true,
  releaseTrigger: ReleaseTrigger.workflowDispatch(),
  // Who may publish is decided in the settings of this environment.
  releaseEnvironment: 'release',
  workflowNodeVersion: NODE,
  npmTrustedPublishing: true,
  npmProvenance: true,
  // Nothing that an update brings is merged by a machine.
  depsUpgradeOptions: { workflow: false },
  buildWorkflow: false,
  autoMerge: false,
  pullRequestTemplate: false,
  githubOptions: { mergify: false, pullRequestLint: false },
} satisfies Partial<awscdk.AwsCdkConstructLibraryOptions>;

/** Adds to the release what projen does not: what is in the bundles, and who has built the package. */
export class Release extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    const { release, github } = project;
    if (!release || !github) {
      throw new Error('the project has no release: nothing could be added to it');
    }
    project.addDevDeps('@cyclonedx/cyclonedx-library@^10', 'packageurl-js@^2');
    project.addTask('sbom', {
      description: 'Write the bill of materials of the bundles, in the form of CycloneDX, to the file that is named',
      steps: [{ exec: 'tsx scripts/write-sbom.ts', receiveArgs: true }],
    });
    release.publisher.addGitHubPostPublishingSteps({
      name: 'Add what is in the bundles',
      if: '${{ !inputs.dry_run }}',
      env: { GITHUB_TOKEN: '${{ secrets.GITHUB_TOKEN }}' },
      run: `gh release upload "$(cat dist/releasetag.txt)" -R "$GITHUB_REPOSITORY" ${SBOM} --clobber`,
    });
    const workflow = project.tryFindObjectFile(WORKFLOW);
    for (const permission of ['id-token', 'attestations']) {
      workflow?.addOverride(`jobs.release.permissions.${permission}`, 'write');
    }
  }

  /** After the build, while the bundles are there. */
  static get postBuildSteps() {
    return [
      { name: 'Look for known vulnerabilities in the bundles', run: 'npx projen check:drivers' },
      { name: 'Write what is in the bundles', run: `npx projen sbom ${SBOM}` },
      {
        name: 'Say who has built the package',
        uses: 'actions/attest-build-provenance@v3',
        with: { 'subject-path': `dist/js/*.tgz\n${SBOM}` },
      },
    ];
  }
}
