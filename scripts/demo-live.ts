// Brings the synthesised example to life on this machine and rotates its password underneath the running application.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Deployment } from './demo-live/deployment';
import { Narration } from './demo-live/narration';
import { shortcomingsOf } from './demo-live/outcome';
import { runReadme } from './demo-live/readme-example';
import { drawRecording } from './demo-live/recording';
import { type LoginCount, RunningApplication } from './demo-live/running-application';
import { Screen } from './demo-live/screen';
import { readLabels } from './demo-live/secret-labels';
import { staleReplicas } from './demo-live/stale-replicas';
import { showStrategies } from './demo-live/strategies/show-strategies';
import { brokenPromises } from './demo-live/strategies/strategies-table';
import { takeTurns, type Turns } from './demo-live/turns';
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

const running: { stop(): Promise<void> }[] = [];

function keep<T extends { stop(): Promise<void> }>(server: T): T {
  running.push(server);
  return server;
}

async function demonstrate(narration: Narration, seconds: number): Promise<string[]> {
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
  const first = await labels();
  narration.labels('before', example.nameOf(example.schedule), first);

  // A user that the first rotation creates is not let in before it.
  const refusedBefore = database.refusals();
  const instances = (await example.startApplication(CONNECTIONS, AUTHORITIES)).map(keep);
  narration.started(CONNECTIONS, seconds, first.map(({ username }) => username));
  const application = new RunningApplication(instances, (username) => narration.login(username));
  let turns: Turns;
  let logins: LoginCount;
  try {
    turns = await takeTurns(narration, deployed, seconds);
  } finally {
    logins = await application.stop();
  }
  narration.labels('after', example.nameOf(example.schedule), await labels());
  const outcome = {
    logins,
    letIn: database.loginsOf([...logins.users.keys()]),
    refused: database.refusals() - refusedBefore,
    ...turns,
    staleReplicas: await staleReplicas(emulator, example),
  };
  narration.outcome(outcome, example.nameOf(example.schedule));
  return shortcomingsOf(outcome);
}

async function main(
  { seconds, strategies, narration }: { seconds: number; strategies: boolean; narration: Narration },
): Promise<void> {
  if (!(seconds >= SHORTEST)) {
    throw new Error(`--seconds is ${seconds}, allowed: ${SHORTEST} or more`);
  }
  const missing = SERVERS.filter((server) => !isInstalled(server));
  if (missing.length > 0) {
    throw new Error(`not installed: ${missing.join(', ')}. node scripts/install-test-servers.mjs installs them; there are builds `
      + 'for Linux on x64 and arm64');
  }
  if (!existsSync(ASSEMBLY)) {
    throw new Error('the example is not synthesised: npm run demo:live does that first');
  }
  if (strategies) {
    narration.end(brokenPromises(await showStrategies(screen)), 'Every promise of a strategy and of a way to read was kept.');
    return;
  }
  try {
    narration.readme(await runReadme(DEMO, README_ROTATIONS, keep));
    await stopAll();
    narration.end(await demonstrate(narration, seconds));
  } finally {
    await stopAll();
  }
}

async function stopAll(): Promise<void> {
  await Promise.allSettled(running.splice(0).reverse().map(async (server) => server.stop()));
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    strategies: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
});
const screen = new Screen(process.stdout);
const narration = new Narration(screen, values.verbose);

main({ seconds: Number(values.seconds), strategies: values.strategies, narration })
  .catch((error: Error) => narration.end([error.message]))
  .finally(() => {
    if (values.record !== undefined) {
      writeFileSync(values.record, drawRecording(screen.recorded));
    }
    process.exitCode = narration.succeeded ? 0 : 1;
  });
