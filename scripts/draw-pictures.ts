/**
 * Draws the pictures of the README and the guides into docs/. With `--check`, fails where a picture that is there is another.
 *
 * Wants the rotation functions bundled: the README's first example is synthesised.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readmeApp } from './demo-live/readme-app';
import { keepDrawn } from './drawn-file';
import { readCloudAssembly } from './local-deployment/cloud-assembly';
import { drawChoice } from './pictures/choose-a-rotation';
import { drawFirstDeployment } from './pictures/first-deployment';
import { drawTwoUsers } from './pictures/two-users';

const PICTURES: Readonly<Record<string, () => Promise<string> | string>> = {
  'docs/choose-a-rotation.svg': drawChoice,
  'docs/two-users.svg': drawTwoUsers,
  'docs/first-deployment.svg': () => {
    const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
    try {
      readmeApp(outdir).synth();
      return drawFirstDeployment(readCloudAssembly(outdir));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  },
};

async function main(): Promise<void> {
  for (const [file, draw] of Object.entries(PICTURES)) {
    keepDrawn(file, await draw(), 'npx projen pictures');
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
