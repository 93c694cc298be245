import type { DeployedFunction } from './deployed-function';
import type { Emulator } from './emulator';
import type { DeclaredFunction, DeclaredSchedule } from './template-applier';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/**
 * Rotates a secret as Secrets Manager does: a new version without a value, then the four steps. The emulator does the first of
 * them.
 */
export class RotationDriver {
  constructor(private readonly emulator: Emulator, private readonly functions: ReadonlyMap<DeclaredFunction, DeployedFunction>) {}

  /** Seconds that it took. Throws at the first step that fails, which Secrets Manager would try again. */
  async rotate({ secretArn, functionArn }: DeclaredSchedule): Promise<number> {
    const [declared, deployed] = [...this.functions].find(([{ arn }]) => arn === functionArn) ?? [];
    if (declared === undefined || deployed === undefined) {
      throw new Error(`the function of the schedule does not run: ${functionArn}`);
    }
    const startedAt = performance.now();
    // Without the schedule's rules: moto takes a secret with an expression for one that does not rotate.
    const { token } = await this.emulator.server.startRotation(secretArn, {
      functionName: declared.name,
      region: declared.region,
    });
    for (const Step of STEPS) {
      await deployed.invoke<null>({ Step, SecretId: secretArn, ClientRequestToken: token });
    }
    return (performance.now() - startedAt) / 1000;
  }
}
