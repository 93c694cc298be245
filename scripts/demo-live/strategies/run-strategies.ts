import { setTimeout as sleep } from 'node:timers/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { type ReadingOptions, startApplications, type WayOfReading } from './applications';
import { LoginLoad, type LoginTally } from './login-load';
import { signingIn, type StrategyEngine } from './strategy-engine';
import { ToldConsumers } from './told-consumers';
import { EngineRotations } from '../../../test/handlers/engines/engine-rotations';
import { type Way, WAYS } from '../../../test/handlers/engines/engine-under-test';
import { STEPS } from '../../../test/handlers/support/bench';
import type { RotationFunction } from '../../../test/handlers/support/rotation-function';

const ROTATIONS = 3;
/** Milliseconds between two steps of a rotation: Secrets Manager invokes the function anew for each. */
const BETWEEN_STEPS = 250;
/** Milliseconds until what has not taken up a value never does. */
const LIMIT = 180_000;
const POLL = 20;

export interface StrategiesOptions extends Omit<ReadingOptions, 'source'> {
  /** Seconds that messages wait in the queue. @default as in the template */
  readonly queueDelay?: number;
  /** Is called after each rotation, once every application that follows has the new value. */
  readonly rotated?: (engine: string, way: Way, rotation: number) => void;
}

/** What came of one way of reading under one strategy. */
export interface StrategyOutcome extends LoginTally {
  readonly engine: string;
  readonly way: Way;
  readonly reading: WayOfReading;
  /** Milliseconds from the event until all signed in with the new value, for each rotation; none where that never happens. */
  readonly followedAfter: readonly number[];
}

/** A secret with its applications. */
interface Subject {
  readonly way: Way;
  readonly arn: string;
  readonly rotating: RotationFunction;
  readonly loads: ReadonlyMap<WayOfReading, LoginLoad>;
  readonly followedAfter: Map<WayOfReading, number[]>;
}

/**
 * Rotates a user of each strategy three times while applications sign in with its secret, each of which reads it in another way.
 *
 * A rotation begins once everybody who follows has followed the one before it: on AWS there are hours between them.
 */
export async function runStrategies(of: StrategyEngine, options: StrategiesOptions): Promise<StrategyOutcome[]> {
  const engine = await EngineRotations.start(of.engine);
  const { secrets, guard } = engine.rotations;
  const source = new SecretsManager({ ...secrets.connection(), endpoint: guard.url });
  const subjects: Subject[] = [];
  let told: ToldConsumers | undefined;
  let outcomes: StrategyOutcome[];
  try {
    told = await ToldConsumers.start(secrets, WAYS, options.queueDelay);
    for (const way of WAYS) {
      subjects.push(await begin(way, of, engine, told, { ...options, source }));
    }
    await rotateAll(subjects, engine, told, options);
  } finally {
    outcomes = await stopAll(of.engine.name, subjects);
    source.destroy();
    try {
      await told?.stop();
    } finally {
      await engine.stop();
    }
  }
  return outcomes;
}

async function rotateAll(
  subjects: readonly Subject[], engine: EngineRotations, told: ToldConsumers, { rotated }: StrategiesOptions,
): Promise<void> {
  for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
    await Promise.all(subjects.map(async (subject) => {
      await rotate(subject, engine, told);
      rotated?.(engine.engine.name, subject.way, rotation);
    }));
    told.untilNextRotation();
  }
}

async function begin(
  way: Way, of: StrategyEngine, engine: EngineRotations, told: ToldConsumers, options: ReadingOptions,
): Promise<Subject> {
  const user = await engine.createUser(`${way}_user`);
  const arn = await engine.rotations.createSecret(engine.bench.content(user, { port: engine.facts.port }), way);
  const rotating = await engine.functionFor(way, arn, user.username);
  const applications = [...await startApplications(arn, options)];
  for (const [, { startAgain }] of applications) {
    if (startAgain) {
      await told.add(way, startAgain);
    }
  }
  const connect = signingIn(engine.bench, of);
  return {
    way,
    arn,
    rotating,
    loads: new Map(applications.map(([reading, application]) => [reading, new LoginLoad(application, connect)])),
    followedAfter: new Map(applications.map(([reading]) => [reading, []])),
  };
}

async function rotate(subject: Subject, { rotations }: EngineRotations, told: ToldConsumers): Promise<void> {
  const { way, arn, rotating, loads, followedAfter } = subject;
  const begun = await rotations.begin(arn);
  for (const step of STEPS) {
    await sleep(BETWEEN_STEPS);
    await rotations.step(rotating, begun, step);
  }
  const startedAt = performance.now();
  await told.labelUpdated(arn, way, begun.token);
  await Promise.all([...loads].map(async ([reading, load]) => {
    if (reading === 'read at the start') {
      await until(load.triedAgain());
    } else {
      await until(() => load.uses(begun.token));
      followedAfter.get(reading)!.push(performance.now() - startedAt);
    }
  }));
}

async function until(condition: () => boolean): Promise<void> {
  const limit = performance.now() + LIMIT;
  while (!condition()) {
    if (performance.now() > limit) {
      throw new Error('an application has not followed a rotation for three minutes');
    }
    await sleep(POLL);
  }
}

async function stopAll(engine: string, subjects: readonly Subject[]): Promise<StrategyOutcome[]> {
  return Promise.all(subjects.flatMap(({ way, loads, followedAfter }) => [...loads].map(async ([reading, load]) =>
    ({ engine, way, reading, followedAfter: followedAfter.get(reading)!, ...await load.stop() }))));
}
