import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment, type Keeper } from './deployment';
import { readmeApp } from './readme-app';

/**
 * Runs the README's first example on a new database: rotates as often as is asked for, the first time as its schedule begins, and
 * says as whom the application signed in after each rotation.
 */
export async function runReadme(folder: string, rotations: number, keep: Keeper): Promise<string[]> {
  const outdir = join(folder, 'readme.out');
  readmeApp(outdir).synth();
  const { example, driver, database } = await Deployment.of(outdir, keep);
  const authorities = join(folder, 'readme-certificate-authority.pem');
  writeFileSync(authorities, database.certificateAuthority);
  const [application] = (await example.startApplication(1, authorities)).map(keep);
  const usernames: string[] = [];
  for (let rotation = 0; rotation < rotations; rotation += 1) {
    await driver.rotate(example.schedule);
    usernames.push((await application.invoke<{ username: string }>({})).username);
  }
  return usernames;
}
