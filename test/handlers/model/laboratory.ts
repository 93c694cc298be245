import type { ProcessStrategy, System } from './system';
import { PERIOD, timeOf } from './times';
import { Numbers, type Outside, type ProcessState, type World, worldOf } from './world';
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
const LETTERS = [...'abcdefghij'];

/** A rotation that begins, with the steps that change something but labels. */
export const BEGINNING = 'rotation until it is set';

export interface Event {
  /** `duty` is what the daily audit does about the former credential. */
  readonly step: Step | 'duty' | typeof BEGINNING;
  readonly token: string;
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
  private readonly numbers = new Numbers();
  private entered!: World;
  /** How many passwords were made in it. */
  taken = 0;
  /** How often something was entered in each place. */
  readonly entries: [number, number] = [0, 0];
  private lastUnused?: { readonly world: World; readonly letters: string };

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
    const processes = [this.idle, this.idle] as const;
    return worldOf({ ...this.outside(), processes, begun: 0, hands: 0, cancelled: false, handed: false });
  }

  /** @param only the process that will run, where it is one */
  enter(world: World, only?: number): void {
    this.resume({ outside: world, taken: 0 });
    this.system.takeLogins?.();
    for (const index of only === undefined ? [0, 1] : [only]) {
      this.entries[index]++;
      const [place, { memory, strategy }] = [this.places[index], world.processes[index]];
      entriesOf(place.memory).clear();
      for (const [key, entry] of memory as Map<string, Entry>) {
        entriesOf(place.memory).set(key, { ...entry });
      }
      place.strategy.restore(strategy);
    }
    this.entered = world;
  }

  /** Makes the world outside what it was, for a step that goes on. */
  resume({ outside, taken }: { readonly outside: Outside; readonly taken: number }): void {
    this.secret.versions = new Map(outside.versions);
    this.system.restore(outside.system);
    this.taken = taken;
  }

  /** The world as it is now, after a world that was entered. */
  world(former: World, change: Partial<World> = {}): World {
    const processes = change.processes ?? [this.processState(0), this.processState(1)] as const;
    return worldOf({ ...former, ...change, processes, ...this.outside() });
  }

  outside(): Outside {
    const { state, key } = this.system.save();
    return { versions: new Map(this.secret.versions), system: state, outside: this.outsideNumber(key) };
  }

  outsideNumber(system = this.system.save().key): number {
    let text = system;
    for (const [versionId, version] of this.secret.versions) {
      text += `\n${versionId}|${version.text}|${version.labels.join()}`;
    }
    return this.numbers.of(text);
  }

  /** What a function does with an event: a failed step forgets what the process has kept. */
  async invoke(place: number, { step, token }: Event, clock: VirtualClock): Promise<string> {
    switch (step) {
      case 'duty':
        return this.duty(place, clock);
      case BEGINNING:
        await this.gate(place, 'RotateSecret', () => this.secret.begin(token, timeOf(this.secret.versions.size)));
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

  /** The letters of the passwords that occur nowhere in a world. */
  unused(world: World): string {
    if (this.lastUnused?.world !== world) {
      const texts = [world.outside, ...world.processes.map(({ kept }) => kept)].map((number) => this.numbers.text(number));
      const letters = LETTERS.filter((letter) => !texts.some((text) => text.includes(passwordOf(letter)))).join('');
      this.lastUnused = { world, letters };
    }
    return this.lastUnused.letters;
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
    const { store, strategy: { strategy, duty } } = this.places[place];
    clock.pass(PERIOD);
    const secret = await store.describe(ARN);
    const deadline = new Deadline(clock, TIME);
    const findings = await duty?.(clock)(secret, { store, deadline }) ?? await endFormerCredential(secret, {
      store,
      clock,
      deadline,
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

  /** The next of them: a world does not depend on how many were made and lost. */
  private nextPassword(): string {
    const letter = this.unused(this.entered)[this.taken++];
    if (letter === undefined) {
      throw new Error('the model has too few passwords');
    }
    return passwordOf(letter);
  }

  private place(index: number): Place {
    const gate = ((call: string, work: () => unknown) => this.gate(index, call, work)) as Gate;
    return {
      memory: new VersionMemory(new VirtualClock()),
      strategy: this.system.process(gate),
      store: new MemoryStore((name) => name === ARN ? this.secret : this.system.others[name], gate),
    };
  }

  processState(index: number): ProcessState {
    const { memory, strategy } = this.places[index];
    const entries = new Map(entriesOf(memory));
    if (entries.size === 0 && strategy.save() === '' && this.idle !== undefined) {
      return this.idle;
    }
    let key = strategy.save();
    for (const [name, { text, tested }] of entries) {
      key += `${name.slice(ARN.length)}=${text}${tested ? '!' : ''};`;
    }
    return { memory: entries, strategy: strategy.save(), kept: this.numbers.of(key) };
  }
}

function passwordOf(letter: string): string {
  return `password-number-${letter}`;
}

/** What a process remembers is part of a world: it has to be put back as it was. */
function entriesOf(memory: VersionMemory): Map<string, Entry> {
  return (memory as unknown as { entries: Map<string, Entry> }).entries;
}
