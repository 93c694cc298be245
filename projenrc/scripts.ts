import { Component, type typescript } from 'projen';

/** The commands that users and maintainers type. */
export class Scripts extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    project.addTask('demo', { description: 'Synthesise the example and say what it made', exec: 'node scripts/demo.mjs' });
    const live = project.addTask('demo:live', {
      description: 'Bring the example to life on this machine and rotate its password underneath the running application',
      // The SDK's word on versions of Node.js is for its own users.
      env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    live.exec('node scripts/install-test-servers.mjs --for-example');
    live.exec('node scripts/synthesise-example.mjs');
    live.exec('tsx scripts/demo-live.ts', { receiveArgs: true });
    project.compileTask.exec('tsx scripts/bundle-library.ts');
    const checked = project.addTask('compile:checked', {
      description: 'Bundle and compile, and fail where API.md is not what the sources say',
    });
    checked.spawn(project.preCompileTask);
    checked.spawn(project.compileTask);
    checked.exec('tsx scripts/check-declarations.ts');
    checked.exec('mkdir -p .servers && jsii-docgen -o .servers/API.md && cmp API.md .servers/API.md', {
      name: 'API.md is what the sources say (else: npx projen docgen)',
    });
    checked.exec('jsii-rosetta extract --compile --fail --strict --cache .servers/translations.json --trim-cache .', {
      name: 'examples compile',
    });
    const scan = project.addTask('scan', {
      description: 'Scan the templates of examples and of smaller apps: cfn-lint, Checkov, the rules of AWS Control Tower',
    });
    scan.exec('node scripts/install-scanners.mjs');
    scan.exec('node scripts/synthesise-example.mjs');
    scan.exec('tsx --tsconfig test/tsconfig.json scripts/scan.ts');
    const bench = project.addTask('bench', {
      description: 'Measure the rotation functions: size, loading, whole rotations, and memory; with -- load many at once; with '
        + '-- synth synthesis, compared with constructs of the AWS CDK; with -- client the client for applications, with others',
      env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    bench.exec('node scripts/install-test-servers.mjs');
    bench.spawn(project.preCompileTask);
    bench.spawn(project.compileTask);
    bench.exec('npm ci --prefix test/newest --no-audit --no-fund');
    bench.exec('npm ci --prefix benchmarks/clients --no-audit --no-fund');
    bench.exec('tsx benchmarks/bench.ts', { receiveArgs: true });
    project.addTask('check:packages', {
      description: 'Pack for all languages, and synthesise one app in each from what was packed',
      exec: 'node scripts/check-packages.mjs',
    });
    project.addTask('test:first-hour', {
      description: "Do what the README says with what was packed, in TypeScript and in Python, and make beginners' mistakes",
      exec: 'node test/first-hour/first-hour.mjs',
    });
    packageForAllLanguages(project);
    project.addTask('test:nodes', {
      description: 'Run the core of the tests on the other supported versions of Node.js',
      exec: 'node scripts/test-nodes.mjs',
    });
    project.tasks.tryFind('compat')!.reset('tsx scripts/api-baseline.ts', { receiveArgs: true });
    const unit = project.addTask('test:unit', { description: 'Run the tests that need no server' });
    unit.spawn(project.tasks.tryFind('bundle')!);
    unit.exec('jest --config test/unit.jest.config.cjs', { receiveArgs: true });
    project.addTask('check:reproducible', {
      description: 'Build the commit twice, in two folders, and fail where what npm would publish differs',
      exec: 'node scripts/check-reproducible.mjs',
    });
    const deployment = project.addTask('test:deployment', {
      description: 'Deploy a secret to the account of your credentials or to AWS_ENDPOINT_URL, rotate it twice, and delete all',
      env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    deployment.spawn(project.tasks.tryFind('bundle')!);
    deployment.exec('tsx --tsconfig test/tsconfig.json scripts/test-deployment.ts');
    project.addTask('test:image', {
      description: 'Run the suite of all engines on a real server in a container, by its name in scripts/images.ts; wants Docker',
      steps: [{ exec: 'tsx --tsconfig test/tsconfig.json scripts/test-image.ts', receiveArgs: true }],
    });
    project.addTask('mutate', {
      description: 'Change the core of the rotation functions in every small way, and see whether a test notices',
      exec: 'stryker run test/mutation/stryker.config.mjs',
    });
    project.addTask('extension-layers', {
      description: "Make the table of the Lambda extension's layers from a copy of AWS's page",
      exec: 'tsx scripts/refresh-extension-layers.ts',
      receiveArgs: true,
    });
    project.addTask('changelog', {
      description: 'Write CHANGELOG.md from the commit messages',
      exec: 'node scripts/changelog.mjs',
    });
    const drivers = project.addTask('check:drivers', {
      description: 'Fail where a package in the bundles has a published vulnerability; wants a registry that answers npm audit',
    });
    drivers.spawn(project.tasks.tryFind('bundle')!);
    drivers.exec('tsx scripts/check-drivers.ts');
    project.testTask.reset('node scripts/test.mjs', { receiveArgs: true });
  }
}

/**
 * One script packs for every language, by itself or all at once: jsii-pacmak alone leaves examples in TypeScript, and asks in a
 * POM and in a Go module for the newest AWS CDK.
 */
function packageForAllLanguages(project: typescript.TypeScriptProject): void {
  const script = 'node scripts/package-all.mjs';
  project.addTask('package:all', { description: 'Pack for all languages, into dist/', exec: script, receiveArgs: true });
  project.tasks.tryFind('package-all')!.reset(script);
  for (const language of ['js', 'python', 'java', 'go', 'dotnet']) {
    project.tasks.tryFind(`package:${language}`)!.reset(`${script} ${language}`);
  }
}
