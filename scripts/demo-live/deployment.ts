import { DeployedExample } from './deployed-example';
import { PersonnelDatabase } from './personnel-database';
import { readCloudAssembly } from '../local-deployment/cloud-assembly';
import { Emulator } from '../local-deployment/emulator';
import { RotationDriver } from '../local-deployment/rotation-driver';
import { somewhere } from '../local-deployment/somewhere';
import { TemplateApplier } from '../local-deployment/template-applier';

/** What runs, and is stopped in the end. */
export type Keeper = <T extends { stop(): Promise<void> }>(server: T) => T;

/** An example, running: its templates applied to an emulator of its own, with a new database and its functions. */
export class Deployment {
  /** `assembly` is the directory of a cloud assembly. */
  static async of(assembly: string, keep: Keeper, applied: (applier: TemplateApplier) => void = () => {}): Promise<Deployment> {
    const stacks = readCloudAssembly(assembly).map(somewhere);
    const emulator = keep(await Emulator.start(stacks[0].account));
    const database = keep(await PersonnelDatabase.start());
    const applier = new TemplateApplier(emulator, async (declaration) => database.provide(declaration));
    for (const stack of stacks) {
      await applier.apply(stack);
    }
    applied(applier);
    const example = await DeployedExample.of(applier, emulator, database);
    const functions = await example.startRotationFunctions();
    functions.forEach(keep);
    return new Deployment(emulator, database, example, new RotationDriver(emulator, functions));
  }

  private constructor(
    readonly emulator: Emulator,
    readonly database: PersonnelDatabase,
    readonly example: DeployedExample,
    readonly driver: RotationDriver,
  ) {}
}
