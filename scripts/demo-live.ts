// Brings the synthesised example to life on this machine and rotates its password underneath the running application.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Deployment } from './demo-live/deployment';
import { Narration } from './demo-live/narration';
import { shortcomingsOf } from './demo-live/outcome';
import { runReadme } from './demo-live/readme-example';
import { type LoginCount, RunningApplication } from './demo-live/running-application';
import { readLabels } from './demo-live/secret-labels';
import { staleReplicas } from './demo-live/stale-replicas';
import { isInstalled, type ServerName } from '../test/servers/installation';

const DEMO = join(__dirname, '..', '.demo');
const ASSEMBLY = join(DEMO, 'cdk.out');
const AUTHORITIES = join(DEMO, 'certificate-authority.pem');
const SERVERS: ServerName[] = ['secrets-manager', 'postgresql-18', 'lambda-runtime'];
const CONNECTIONS = 4;
/** Both of two users have had their turn. */
const README_ROTATIONS = 2;
/** Less and two rotations could follow each other faster than a login takes. */
const SHORTEST = 10;

const narration = new Narration((line) => console.log(line));
const running: { stop(): Promise<void> }[] = [];

function keep<T extends { stop(): Promise<void> }>(server: T): T {
  running.push(server);
  return server;
}

async function demonstrate(seconds: number): Promise<string[]> {
  const deployed = await Deployment.of(ASSEMBLY, keep, (applier) => narration.created(applier));
  const { emulator, database, example, driver } = deployed;
  if (example.others.length === 0) {
    throw new Error("the example schedules no rotation of the database's admin secret");
  }
  writeFileSync(AUTHORITIES, database.certificateAuthority);
  narration.substituted(database.description);

  narration.firstRotations();
  for (const schedule of [...example.others, example.schedule].filter(({ rotatesImmediately }) => rotatesImmediately)) {
    narration.rotated(example.nameOf(schedule), await driver.rotate(schedule));
  }
  const labels = async () => readLabels(example.client, example.schedule.secretArn);
  narration.labels('before', example.nameOf(example.schedule), await labels());

  // A user that the first rotation creates is not let in before it.
  const refusedBefore = database.refusals();
  const instances = (await example.startApplication(CONNECTIONS, AUTHORITIES)).map(keep);
  narration.started(CONNECTIONS, seconds);
  const startedAt = performance.now();
  const application = new RunningApplication(instances);
  const turns = [example.schedule, ...example.others, example.schedule, example.schedule];
  let rotations = 0;
  let logins: LoginCount;
  try {
    for (const schedule of turns) {
      await sleep(seconds / (turns.length + 1) * 1000);
      narration.rotated(example.nameOf(schedule), await driver.rotate(schedule), (performance.now() - startedAt) / 1000);
      rotations += schedule === example.schedule ? 1 : 0;
    }
    await sleep(Math.max(0, seconds * 1000 - (performance.now() - startedAt)));
  } finally {
    logins = await application.stop();
  }
  narration.labels('after', example.nameOf(example.schedule), await labels());
  const outcome = {
    logins,
    letIn: database.loginsOf([...logins.users.keys()]),
    refused: database.refusals() - refusedBefore,
    rotations,
    staleReplicas: await staleReplicas(emulator, example),
  };
  narration.outcome(outcome, example.nameOf(example.schedule));
  return shortcomingsOf(outcome);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
  const seconds = Number(values.seconds);
  if (!(seconds >= SHORTEST)) {
    throw new Error(`--seconds is ${values.seconds}, allowed: ${SHORTEST} or more`);
  }
  const missing = SERVERS.filter((server) => !isInstalled(server));
  if (missing.length > 0) {
    throw new Error(`not installed: ${missing.join(', ')}. node scripts/install-test-servers.mjs installs them; there are builds `
      + 'for Linux on x64 and arm64');
  }
  if (!existsSync(ASSEMBLY)) {
    throw new Error('the example is not synthesised: npm run demo:live does that first');
  }
  try {
    narration.readme(await runReadme(DEMO, README_ROTATIONS, keep));
    await stopAll();
    narration.end(await demonstrate(seconds));
  } finally {
    await stopAll();
  }
}

async function stopAll(): Promise<void> {
  await Promise.allSettled(running.splice(0).reverse().map(async (server) => server.stop()));
}

main().catch((error: Error) => narration.end([error.message])).finally(() => {
  process.exitCode = narration.succeeded ? 0 : 1;
});
