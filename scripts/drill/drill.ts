import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { type DeployedSecret, DrillDeployment, type Keeper } from './drill-deployment';
import { Kills } from './kills';
import type { LocalCredentials } from './local-database';
import { type CurrentValue, LoginLoop } from './login-loop';
import type { DrillPlan } from './plan';
import type { SecretOutcome } from './report';
import { hasToLetIn, keepsFormer } from './strategy';
import { letsIn } from '../../test/servers/lets-in';
import type { SynthesisedStack } from '../local-deployment/cloud-assembly';
import type { RotationDriver } from '../local-deployment/rotation-driver';

export interface DrillOptions {
  readonly stacks: readonly SynthesisedStack[];
  readonly plan: DrillPlan;
  /** Of each secret, after the first one. */
  readonly rotations: number;
  readonly seed: number;
  /** What is told of the drill as it goes on. */
  say(line: string): void;
}

/** Drills all secrets of a plan, and says what came of each. */
export async function drill(options: DrillOptions): Promise<SecretOutcome[]> {
  const running: { stop(): Promise<void> }[] = [];
  const keep: Keeper = (server) => {
    running.push(server);
    return server;
  };
  try {
    const { secrets, driver } = await DrillDeployment.of(options.stacks, options.plan, keep, (line) => options.say(line));
    const kills = new Kills(options.seed);
    const drills = secrets.map((secret) => new SecretDrill(secret, driver, (line) => options.say(line)));
    for (const one of drills) {
      await one.begin();
    }
    for (let rotation = 1; rotation <= options.rotations; rotation += 1) {
      for (const one of drills) {
        await one.rotate(kills, `rotation ${rotation} of ${options.rotations}`);
      }
    }
    return await Promise.all(drills.map(async (one) => one.end()));
  } finally {
    await Promise.allSettled(running.reverse().map(async (server) => server.stop()));
  }
}

/** One secret: rotated again and again while an application signs in with it. */
class SecretDrill {
  private readonly failures: string[] = [];
  private readonly recoveries: number[] = [];
  private rotations = 0;
  private calls = 1;
  private isRotating = false;
  /** Whether a rotation has finished. */
  private exists = false;
  private loop?: LoginLoop<LocalCredentials>;

  constructor(
    private readonly deployed: DeployedSecret,
    private readonly driver: RotationDriver,
    private readonly say: (line: string) => void,
  ) {}

  /** The rotation that follows a deployment: a user may come into being with it. From then on the application signs in. */
  async begin(): Promise<void> {
    await this.turn('the first rotation', async () => {
      const { seconds, calls } = await this.driver.rotateCounting(this.deployed.schedule);
      this.calls = calls;
      return `${seconds.toFixed(1)} s, ${calls} calls of Secrets Manager`;
    });
    if (this.failures.length > 0) {
      return;
    }
    const { database, secret: { strategy } } = this.deployed;
    this.loop = new LoginLoop({
      readCurrent: async () => this.readCurrent(),
      logIn: async (value) => database.logIn(value),
      isRefusal: (thrown) => database.isRefusal(thrown),
      // After a failure nothing else is to be said of its logins.
      mayFail: () => this.failures.length > 0 || (this.isRotating && !keepsFormer(strategy)),
      hasToLetIn: async (versionId) => hasToLetIn(strategy, versionId, await this.readLabels()),
    });
  }

  async rotate(kills: Kills, title: string): Promise<void> {
    // Each secret takes its turn at the numbers, so that those of the others stay the same where one has failed.
    const interruption = kills.next(this.calls);
    if (this.failures.length > 0) {
      return;
    }
    await this.turn(title, async () => {
      const { recovered } = await this.driver.rotateInterrupted(this.deployed.schedule, interruption);
      this.rotations += 1;
      const { nth, when } = interruption;
      if (recovered === undefined) {
        return `not killed: it made less than ${nth} calls`;
      }
      this.recoveries.push(recovered);
      return `killed ${when} call ${nth} of ${this.calls}, recovered in ${recovered.toFixed(1)} s when tried again`;
    });
  }

  async end(): Promise<SecretOutcome> {
    const logins = await this.loop?.stop() ?? { tried: 0, failed: 0, unexplained: 0, longestOutage: 0, unanswered: 0 };
    const { failures, rotations, recoveries, deployed: { secret } } = this;
    const recovered = recoveries.length === 0 ? undefined : Math.max(...recoveries);
    return { secret, failures, rotations, kills: recoveries.length, recovered, logins };
  }

  private async turn(title: string, rotate: () => Promise<string>): Promise<void> {
    const { secret: { name, binding } } = this.deployed;
    this.isRotating = true;
    try {
      const what = await rotate();
      this.say(`${name}: ${title}: ${what}`);
      this.exists = true;
    } catch (error) {
      this.failures.push(`${title} did not finish: ${(error as Error).message}`);
    }
    // A user that the first rotation was to create has never been in.
    const wasIn = this.exists || binding?.createWithRoles === undefined;
    if (wasIn && !await this.isIn()) {
      this.failures.push(`locked out: after ${title} the current value does not sign in`);
    }
    this.isRotating = false;
    this.failures.forEach((failure) => this.say(`${name}: ${failure}`));
  }

  private async isIn(): Promise<boolean> {
    const { database } = this.deployed;
    const { value } = await this.readCurrent();
    return letsIn(async () => database.logIn(value), (thrown) => database.isRefusal(thrown));
  }

  private async readLabels(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { client, schedule } = this.deployed;
    return (await client.send(new DescribeSecretCommand({ SecretId: schedule.secretArn }))).VersionIdsToStages ?? {};
  }

  private async readCurrent(): Promise<CurrentValue<LocalCredentials>> {
    const { client, schedule } = this.deployed;
    const { VersionId, SecretString } = await client.send(new GetSecretValueCommand({ SecretId: schedule.secretArn }));
    return { versionId: VersionId!, value: JSON.parse(SecretString!) as LocalCredentials };
  }
}
