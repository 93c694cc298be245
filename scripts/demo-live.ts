// Brings the synthesised example to life on this machine and rotates its password underneath the running application.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readCloudAssembly } from './demo-live/cloud-assembly';
import { DeployedExample } from './demo-live/deployed-example';
import { Emulator } from './demo-live/emulator';
import { Narration } from './demo-live/narration';
import { shortcomingsOf } from './demo-live/outcome';
import { PersonnelDatabase } from './demo-live/personnel-database';
import { RotationDriver } from './demo-live/rotation-driver';
import { type LoginCount, RunningApplication } from './demo-live/running-application';
import { readLabels } from './demo-live/secret-labels';
import { staleReplicas } from './demo-live/stale-replicas';
import { TemplateApplier } from './demo-live/template-applier';
import { isInstalled, type ServerName } from '../test/servers/installation';

const DEMO = join(__dirname, '..', '.demo');
const ASSEMBLY = join(DEMO, 'cdk.out');
const AUTHORITIES = join(DEMO, 'certificate-authority.pem');
const SERVERS: ServerName[] = ['secrets-manager', 'postgresql-18', 'lambda-runtime'];
const CONNECTIONS = 4;
/** Less and two rotations could follow each other faster than a login takes. */
const SHORTEST = 10;

const narration = new Narration((line) => console.log(line));
const running: { stop(): Promise<void> }[] = [];

function keep<T extends { stop(): Promise<void> }>(server: T): T {
  running.push(server);
  return server;
}

async function demonstrate(seconds: number): Promise<string[]> {
  const stacks = readCloudAssembly(ASSEMBLY);
  const emulator = keep(await Emulator.start(stacks[0].account));
  const database = keep(await PersonnelDatabase.start());
  writeFileSync(AUTHORITIES, database.certificateAuthority);

  const applier = new TemplateApplier(emulator, async (declaration) => database.provide(declaration));
  for (const stack of stacks) {
    await applier.apply(stack);
  }
  narration.created(applier);

  const example = await DeployedExample.of(applier, emulator, database);
  const functions = await example.startRotationFunctions();
  functions.forEach(keep);
  narration.substituted(database.description);

  const driver = new RotationDriver(emulator, functions);
  narration.firstRotations();
  for (const schedule of [...example.others, example.schedule].filter(({ rotatesImmediately }) => rotatesImmediately)) {
    narration.rotated(example.nameOf(schedule), await driver.rotate(schedule));
  }
  const labels = async () => readLabels(example.client, example.schedule.secretArn);
  narration.labels('before', example.nameOf(example.schedule), await labels());

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
    refused: database.refusals(),
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
    narration.end(await demonstrate(seconds));
  } finally {
    await Promise.allSettled(running.reverse().map(async (server) => server.stop()));
  }
}

main().catch((error: Error) => narration.end([error.message])).finally(() => {
  process.exitCode = narration.succeeded ? 0 : 1;
});
