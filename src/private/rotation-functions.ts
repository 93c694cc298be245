import { createHash } from 'crypto';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { connectionFacts, type DatabaseTargetFacts } from './database-facts';
import { ConflictError } from './errors';
import { Environment, type RotationMode } from './handler-contract';
import { attachToNetwork } from './network-attachment';
import type { NetworkFacts } from './network-facts';
import { RotationFunction, type RotationFunctionProps } from './rotation-function';
import type { RotationFunctionSettings } from './rotation-settings';

/** Properties of {@link RotationFunctions}. */
export interface RotationFunctionsProps {
  readonly platformName: string;
  readonly settings: RotationFunctionSettings;
  /** Network of functions whose target names none. */
  readonly network?: NetworkFacts;
}

/** Lambda allows 64 characters; the role's name is the function's with the Region appended, and has 64 as well. */
const MAXIMUM_NAME_LENGTH = 48;

/**
 * The rotation functions of a platform: up to two for each database, and one for values that no database knows.
 *
 * They refer outward only, to databases and networks; secrets refer to them.
 */
export class RotationFunctions extends Construct {
  private readonly props: RotationFunctionsProps;
  private readonly groups = new Map<string, { functions: RotationFunction[]; facts: string }>();

  constructor(scope: Construct, id: string, props: RotationFunctionsProps) {
    super(scope, id);
    this.props = props;
  }

  /** All functions there are by now. */
  get all(): RotationFunction[] {
    return [...this.groups.values()].flatMap((group) => group.functions);
  }

  /** The function of a database: as the users themselves, or as a superuser on users that are bound to it. */
  forDatabase(requestedBy: IConstruct, database: DatabaseTargetFacts, superuser?: ISecret): RotationFunction {
    const mode: RotationMode = superuser ? 'superuser' : 'prove';
    const another = superuser && superuser !== database.superuser ? `-${shortHash(superuser.node.path)}` : '';
    const ofDatabase = database.databaseName === undefined ? '' : `-${shortHash(database.databaseName)}`;
    const connection = connectionFacts(database);
    const network = database.network(this.props.network);
    const facts = JSON.stringify([connection, database.password]);
    return this.inGroup(requestedBy, `${database.id}${ofDatabase}-${mode}${another}`, facts, (scope) => ({
      description: `Rotates users of ${database.id}, ${superuser ? 'as its superuser' : 'each as itself'}`,
      handler: database.engine.handler,
      environment: {
        [Environment.MODE]: mode,
        [Environment.DATABASE]: Stack.of(this).toJsonString(connection),
        [Environment.PASSWORD]: JSON.stringify(database.password),
      },
      network: network && attachToNetwork(scope, this, network, database),
      superuser,
      afterDatabase: database.dependencies,
    }));
  }

  /** The function that makes new random values. */
  forValues(requestedBy: IConstruct): RotationFunction {
    return this.inGroup(requestedBy, 'values', '', (scope) => ({
      description: 'Makes new random values for secrets',
      handler: 'regenerate',
      environment: {},
      network: this.props.network && attachToNetwork(scope, this, this.props.network),
    }));
  }

  private inGroup(
    requestedBy: IConstruct, id: string, facts: string, props: (scope: Construct) => Omit<RotationFunctionProps, 'functionName' | 'settings'>,
  ): RotationFunction {
    const group = this.groups.get(id) ?? { functions: [], facts };
    if (group.facts !== facts) {
      throw new ConflictError(requestedBy, `two DatabaseTargets of '${id}' say different things about the same database`,
        'make one DatabaseTarget and use it for all secrets of the database');
    }
    this.groups.set(id, group);
    const last = group.functions.at(-1);
    if (last?.hasRoom) {
      return last;
    }
    const number = group.functions.length + 1;
    const scope = new Construct(this, number === 1 ? id : `${id}-${number}`);
    const made = new RotationFunction(scope, 'Default', { ...props(scope), functionName: this.nameOf(id, number), settings: this.props.settings });
    group.functions.push(made);
    return made;
  }

  private nameOf(id: string, number: number): string {
    const name = `${this.props.platformName}-${number === 1 ? id : `${id}-${number}`}`;
    return name.length <= MAXIMUM_NAME_LENGTH ? name : `${name.slice(0, MAXIMUM_NAME_LENGTH - 9)}-${shortHash(name)}`;
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
