import type { ProcessStrategy, System } from './system';
import { type ProcessState, type World, worldOf } from './world';
import { Deadline } from '../../../handlers/core/deadline';
import { endFormerCredential } from '../../../handlers/core/former-credential';
import { RotationError } from '../../../handlers/core/rotation-error';
import type { Step } from '../../../handlers/core/rotation-event';
import { runStep } from '../../../handlers/core/run-step';
import type { SecretRotation } from '../../../handlers/core/secret-rotation';
import { CURRENT, PREVIOUS } from '../../../handlers/core/secret-store';
import { VersionMemory } from '../../../handlers/core/version-memory';
import * as generator from '../../../handlers/database/generate-password';
import { ROTATION_MARKER_TAG } from '../../../src/contract/environment';
import { MemorySecret } from '../support/memory-secret';
import { type Gate, MemoryStore } from '../support/memory-store';
import { VirtualClock } from '../support/virtual-clock';

export const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf';
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:rotation';
const TIME = 60_000;
/** Calls that change something. */
const CHANGES = /^(PutSecretValue|UpdateSecretVersionStage|change|set)/;
const STORE = /^[A-Z]/;

export interface Event {
  /**
   * `duty` is what the daily audit does about the former credential; `rotation until it is set` a rotation that begins, with
   * the steps that change something but labels.
   */
  readonly step: Step | 'duty' | 'rotation until it is set';
  readonly token: string;
}

export type FaultKind =
  /** The call is not made. */
  | 'fails'
  /** It is made, and the function never learns that. */
  | 'is made, its answer is lost'
  /** It is made, its answer is lost, and the client makes it again. */
  | 'is made twice';

export interface Fault {
  readonly at: number;
  readonly kind: FaultKind;
}

/** What one run of a step did. */
export interface Run {
  readonly outcome?: string;
  readonly error?: RotationError;
  readonly calls: readonly string[];
  /** The world outside after each call that has changed it: where a process may have ended. */
  readonly moments: readonly World[];
  readonly after: World;
  /** What is wrong with what happened. */
  readonly wrong?: string;
  readonly refused: number;
  readonly passwords: readonly string[];
  /** Whether chance has decided something. */
  readonly byChance: boolean;
}

export interface Place {
  readonly memory: VersionMemory;
  readonly strategy: ProcessStrategy;
  readonly store: MemoryStore;
}

interface Entry {
  readonly text: string;
  readonly tested: boolean;
}

type PlaceGate = (place: number, call: string, work: () => unknown) => Promise<unknown>;

const openPlaceGate: PlaceGate = async (_, __, work) => work();

/** The fakes and the code under test, put into any state, in which a step then runs. */
export class Laboratory {
  readonly secret = new MemorySecret({}, {
    arn: ARN, name: 'app', tagKeys: [ROTATION_MARKER_TAG], rotationEnabled: true, rotationFunctionArn: FUNCTION_ARN,
  });
  readonly idle: ProcessState;
  readonly places: readonly [Place, Place];
  /** What every call of a port passes; the explorers put theirs here. */
  gate: PlaceGate = openPlaceGate;
  private entered!: World;
  private passwords?: string[];

  constructor(readonly system: System) {
    Object.assign(generator as object, { generatePassword: () => this.nextPassword() });
    this.places = [this.place(0), this.place(1)];
    this.idle = this.processState(0);
  }

  first(): World {
    const { first, former } = this.system;
    this.secret.versions = new Map([
      ...former === undefined ? [] : [['u0', { text: former, labels: [PREVIOUS] }]] as const,
      ['v0', { text: first, labels: [CURRENT] }],
    ]);
    const { state, key } = this.system.save();
    const processes = [this.idle, this.idle] as const;
    const versions = new Map(this.secret.versions);
    return worldOf({ versions, system: state, processes, begun: 0, hands: 0, cancelled: false, handed: false }, key);
  }

  /** @param only the process that will run, where it is one */
  enter(world: World, only?: number): void {
    this.secret.versions = new Map(world.versions);
    this.system.restore(world.system);
    this.system.takeLogins();
    for (const index of only === undefined ? [0, 1] : [only]) {
      const [place, { memory, strategy }] = [this.places[index], world.processes[index]];
      entriesOf(place.memory).clear();
      for (const [key, entry] of memory as Map<string, Entry>) {
        entriesOf(place.memory).set(key, { ...entry });
      }
      place.strategy.restore(strategy);
    }
    this.entered = world;
    this.passwords = undefined;
  }

  /** The world as it is now, after a world that was entered. */
  world(former: World, change: Partial<World> = {}): World {
    const { state, key } = this.system.save();
    const processes = change.processes ?? [this.processState(0), this.processState(1)] as const;
    return worldOf({ ...former, ...change, processes, versions: new Map(this.secret.versions), system: state }, key);
  }

  /** What a function does with an event: a failed step forgets what the process has kept. */
  async invoke(place: number, { step, token }: Event, clock: VirtualClock): Promise<string> {
    switch (step) {
      case 'duty':
        return this.duty(place, clock);
      case 'rotation until it is set':
        await this.gate(place, 'RotateSecret', () => this.secret.begin(token, this.secret.versions.size));
        await this.invoke(place, { step: 'createSecret', token }, clock);
        return this.invoke(place, { step: 'setSecret', token }, clock);
      default: {
        const { memory, store, strategy } = this.places[place];
        try {
          const ports = { store, memory, clock, deadline: new Deadline(clock, TIME) };
          return await runStep({ step, token, secretArn: ARN }, strategy.strategy, FUNCTION_ARN, ports);
        } catch (thrown) {
          memory.forget(ARN);
          throw thrown;
        }
      }
    }
  }

  async run(
    world: World,
    place: number,
    event: Event,
    { fault, chance = 0.75 }: { fault?: Fault; chance?: number } = {},
  ): Promise<Run> {
    this.enter(world, place);
    const calls: string[] = [];
    const moments: World[] = [];
    let wrong: string | undefined;
    // What a rotation has proved and promoted is nobody else's work any more.
    let proved: Partial<World> = {};
    const clock = new CountingClock(chance);
    this.gate = async (_, call, work) => {
      calls.push(call);
      if (!CHANGES.test(call)) {
        if (fault?.at === calls.length) {
          throw failureOf(call);
        }
        return work();
      }
      const struck = fault?.at === calls.length ? fault.kind : undefined;
      if (struck === 'fails') {
        throw failureOf(call);
      }
      const former = this.secret.holderOf(CURRENT);
      if (struck === 'is made twice') {
        quietly(work);
      }
      try {
        const result = work();
        if (struck === 'is made, its answer is lost') {
          throw failureOf(call);
        }
        return result;
      } finally {
        if (this.secret.holderOf(CURRENT) !== former) {
          proved = { cancelled: false, handed: false };
          wrong ??= this.wrongMove(former);
        }
        moments.push(this.world(world, { ...proved, processes: [this.idle, world.processes[1 - place]] }));
      }
    };
    let outcome: string | undefined;
    let error: RotationError | undefined;
    try {
      outcome = await this.invoke(place, event, clock);
    } catch (thrown) {
      error = RotationError.from(thrown);
    }
    const after = this.world(world, { ...proved, processes: [this.processState(place), world.processes[1 - place]] });
    return { outcome, error, calls, moments, after, wrong, byChance: clock.asked, ...this.system.takeLogins() };
  }

  /** Whether a value of a version works. */
  works(versionId: string | undefined): boolean {
    const text = versionId === undefined ? undefined : this.secret.versions.get(versionId)?.text;
    return text !== undefined && this.system.works(text);
  }

  /** AWSCURRENT is moved only to a version that works. */
  wrongMove(former: string | undefined): string | undefined {
    const current = this.secret.holderOf(CURRENT);
    const [before, now] = [former, current].map((versionId) => this.secret.versions.get(versionId!)?.text);
    // Secrets Manager tries out a schedule with the value as it is, whatever that is.
    return this.works(current) || (now !== undefined && now === before)
      ? undefined
      : 'AWSCURRENT was moved to a version that does not work';
  }

  /** The duty on a day when the time of the former credential is over. */
  private async duty(place: number, clock: VirtualClock): Promise<string> {
    const { store, strategy: { strategy } } = this.places[place];
    const findings = await endFormerCredential(await store.describe(ARN), {
      store,
      clock,
      deadline: new Deadline(clock, TIME),
      worksForHours: () => -1,
      strategy: () => ({
        ...strategy,
        // With a token by chance, no two worlds would be the same.
        endFormer: async (rotation) =>
          strategy.endFormer!(Object.create(rotation, { token: { value: 'D' } }) as SecretRotation),
      }),
    });
    if (findings.length > 0) {
      throw new RotationError('request', findings.join());
    }
    return 'done';
  }

  /** The first name that occurs nowhere: a world does not depend on how many were made and lost. */
  private nextPassword(): string {
    this.passwords ??= [...'abcdefghij']
      .map((letter) => `password-number-${letter}`)
      .filter((password) => !this.entered.key.includes(password));
    const password = this.passwords.shift();
    if (password === undefined) {
      throw new Error('the model has too few passwords');
    }
    return password;
  }

  private place(index: number): Place {
    const gate = ((call: string, work: () => unknown) => this.gate(index, call, work)) as Gate;
    return {
      memory: new VersionMemory(new VirtualClock()),
      strategy: this.system.process(gate),
      store: new MemoryStore((name) => name === ARN ? this.secret : this.system.others[name], gate),
    };
  }

  private processState(index: number): ProcessState {
    const { memory, strategy } = this.places[index];
    const entries = new Map(entriesOf(memory));
    if (entries.size === 0 && strategy.save() === '' && this.idle !== undefined) {
      return this.idle;
    }
    let key = strategy.save();
    for (const [name, { text, tested }] of entries) {
      key += `${name.slice(ARN.length)}=${text}${tested ? '!' : ''};`;
    }
    return { memory: entries, strategy: strategy.save(), key };
  }
}

class CountingClock extends VirtualClock {
  asked = false;

  override random(): number {
    this.asked = true;
    return super.random();
  }
}

function failureOf(call: string): RotationError {
  return STORE.test(call) ? new RotationError('unavailable', `${call} failed`) : new RotationError('network', `${call} failed`);
}

function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // The client has not seen the answer.
  }
}

/** What a process remembers is part of a world: it has to be put back as it was. */
function entriesOf(memory: VersionMemory): Map<string, Entry> {
  return (memory as unknown as { entries: Map<string, Entry> }).entries;
}
