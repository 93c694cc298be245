/**
 * Fails where a package in a bundle has a published vulnerability. Wants the bundles, and a registry that answers `npm audit`:
 * where none does, it says loudly that nothing was checked.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { bundledPackages } from './bundled-packages';
import { type AuditReport, knownVulnerabilities } from './known-vulnerabilities';

const { stdout, error } = spawnSync('npm', ['audit', '--json'], {
  cwd: resolve(__dirname, '..'), encoding: 'utf8', maxBuffer: 100 * 1024 * 1024, shell: process.platform === 'win32',
});
if (error) {
  throw error;
}
const report = JSON.parse(stdout) as AuditReport & { readonly message?: string };
if (report.vulnerabilities === undefined) {
  console.error(`\nNOT CHECKED for known vulnerabilities: npm audit gives no report. ${report.message ?? ''}\n`);
} else {
  const packages = bundledPackages();
  const found = knownVulnerabilities(report, packages);
  if (found.length > 0) {
    console.error(`Published vulnerabilities of what is in the bundles (SECURITY.md says what to do):\n${found.join('\n')}`);
    process.exitCode = 1;
  } else {
    console.log(`None of the ${packages.length} packages in the bundles has a published vulnerability`);
  }
}
