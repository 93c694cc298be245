import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AttachedSecret } from './attached-secret';
import { FORMER_IS_REFUSED, type RotationEffect } from './rotation-effect';
import type { GrantableSecret } from './secret-permissions';
import type { KeyFacts } from '../../encryption/private/encryption-key';

/** What is known of a secret from the beginning. */
export interface SecretFacts {
  /** The construct that is named in errors. */
  readonly scope: Construct;
  /** The secret itself, without a target attachment: functions must not wait for the database through it. */
  readonly secret: ISecret;
  readonly fixedName?: string;
  /** What becomes of the secret, where the library decides it. */
  readonly removalPolicy?: RemovalPolicy;
  readonly key?: KeyFacts;
  /** Regions that the secret is replicated to. */
  readonly replicaRegions?: string[];
  /** What grants need to know of a replica, whose interface does not tell it. */
  readonly replica?: GrantableSecret;
}

type Listener = (functionArn: string) => void;

/** Kept outside the secrets, so that any secret can have a record, and weakly, so that none is kept alive. */
const records = new WeakMap<ISecret, SecretRecord>();

/**
 * What the library knows of a secret beyond its interface: the same record for the secret and its attachment to a database.
 *
 * What changes over time changes through `monitor()`, `affectsReaders()`, `actOn()`, `rotatesWith()` and `whenRotated()` only.
 */
export class SecretRecord implements SecretFacts {
  /** The record of any secret; an empty one where nothing is known. */
  static of(secret: ISecret): SecretRecord {
    const owner = AttachedSecret.ownerOf(secret);
    return records.get(owner) ?? new SecretRecord({ scope: owner as unknown as Construct, secret: owner });
  }

  readonly scope: Construct;
  readonly secret: ISecret;
  readonly fixedName?: string;
  readonly removalPolicy?: RemovalPolicy;
  readonly key?: KeyFacts;
  readonly replicaRegions: string[];
  readonly replica?: GrantableSecret;
  private monitored = true;
  private effect = FORMER_IS_REFUSED;
  private actedOn = false;
  private rotating?: { readonly rotationFunction: IFunction; readonly arn: string };
  private readonly listeners: Listener[];

  /** Takes the place of a record that was made before anything was known. */
  constructor(facts: SecretFacts) {
    this.scope = facts.scope;
    this.secret = facts.secret;
    this.fixedName = facts.fixedName;
    this.removalPolicy = facts.removalPolicy;
    this.key = facts.key;
    this.replicaRegions = facts.replicaRegions ?? [];
    this.replica = facts.replica;
    this.listeners = records.get(facts.secret)?.listeners ?? [];
    records.set(facts.secret, this);
  }

  /** The fields of the value, where the app says what it is: none of a text. */
  get fields(): readonly string[] | undefined {
    return undefined;
  }

  /** Whether the daily audit expects the secret: final once all constructs are made. */
  get isMonitored(): boolean {
    return this.monitored;
  }

  /** What a rotation means to readers: final once all constructs are made. */
  get rotationEffect(): RotationEffect {
    return this.effect;
  }

  /** Whether something is done once the secret has a new value: final once all constructs are made. */
  get isActedOn(): boolean {
    return this.actedOn;
  }

  /** The function that rotates the secret, as the secret's stack knows it. */
  get rotationFunction(): IFunction | undefined {
    return this.rotating?.rotationFunction;
  }

  /** Says whether the daily audit expects the secret, before or after its rotation is added. */
  monitor(monitored: boolean): void {
    this.monitored = monitored;
  }

  /** Says what its rotation means to readers. */
  affectsReaders(effect: RotationEffect): void {
    this.effect = effect;
  }

  /** Notes that something is done once the secret has a new value. */
  actOn(): void {
    this.actedOn = true;
  }

  /** Notes which function rotates the secret. `literalArn` is its ARN for statements of any stack. */
  rotatesWith(rotationFunction: IFunction, literalArn = rotationFunction.functionArn): void {
    this.rotating = { rotationFunction, arn: literalArn };
    this.listeners.splice(0).forEach((listener) => listener(literalArn));
  }

  /** Does something with the ARN of the function that rotates the secret: now, or as soon as there is one. */
  whenRotated(listener: Listener): void {
    if (this.rotating) {
      listener(this.rotating.arn);
    } else {
      this.listeners.push(listener);
    }
  }
}
