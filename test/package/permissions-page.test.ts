import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readmeApp } from '../../scripts/demo-live/readme-app';
import { readCloudAssembly } from '../../scripts/local-deployment/cloud-assembly';

/** Services as templates and as the page name them. */
const SERVICES: Readonly<Record<string, string>> = {
  SecretsManager: 'AWS Secrets Manager',
  KMS: 'AWS KMS',
  Lambda: 'AWS Lambda',
  IAM: 'AWS IAM',
  EC2: 'Amazon EC2',
  CloudWatch: 'CloudWatch',
  Logs: 'and its logs',
  Scheduler: 'EventBridge Scheduler',
  Events: 'Amazon EventBridge',
};

test('the page on permissions names the services whose resources a deployment makes', () => {
  const page = readFileSync(join(__dirname, '../../docs/permissions.md'), 'utf8').replaceAll('\n', ' ');
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  try {
    readmeApp(outdir).synth();
    const ours = readCloudAssembly(outdir).flatMap(({ resources }) => Object.entries(resources))
      .filter(([id]) => /^(MyCustomAppCreds|SecretsPlatform|ReplicaKey)/.test(id));
    const services = [...new Set(ours.map(([, { Type }]) => Type.split('::')[1]))];
    expect(services.sort()).toEqual(Object.keys(SERVICES).sort());
    expect(Object.values(SERVICES).filter((name) => !page.includes(name))).toEqual([]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
