import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Token } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { type Binding, MAXIMUM_ENVIRONMENT } from './binding';
import { functionNameOf } from './function-name';
import { needsOfFunctions, refuseCirclesOfFunctions } from './function-needs';
import { RotationFunction, type RotationFunctionProps } from './rotation-function';
import { apiUrlOf, attachToCache, checkCacheNetwork } from '../../cache/private/cache-network';
import { cacheUserArn, type CacheUserFacts } from '../../cache/private/cache-user-facts';
import type { CacheFacts } from '../../contract/cache-facts';
import { packCertificates } from '../../contract/certificate-authorities';
import type { RotationMode } from '../../contract/database-facts';
import { Environment } from '../../contract/environment';
import { addTags } from '../../core/add-tags';
import { ConflictError, ValidationError } from '../../core/errors';
import { pathFrom, shortHash, shortId } from '../../core/inner-path';
import { stableText, textOfToken } from '../../core/token-text';
import { connectionFacts, type DatabaseTargetFacts } from '../../database/private/database-facts';
import { pathToDatabase } from '../../database/private/database-path';
import { attachToNetwork } from '../../network/private/attachment';
import type { NetworkFacts } from '../../network/private/network-facts';
import type { RotationFunctionOptions } from '../rotation-function-options';

/** Properties of {@link RotationFunctions}. */
export interface RotationFunctionsProps {
  readonly platformName: string;
  readonly settings: RotationFunctionOptions;
  /** Network of functions whose target names none. */
  readonly network?: NetworkFacts;
}

/** What the functions of a group have in common. */
type FunctionOfGroup = Omit<RotationFunctionProps, 'functionName' | 'platform' | 'settings'>;

/** The secret that needs a function. */
export interface FunctionRequest {
  /** The construct that is named in errors. */
  readonly scope: IConstruct;
  readonly secret: ISecret;
  readonly fixedName?: string;
  /** Network of the secret, where the target names none: before the platform's. */
  readonly network?: NetworkFacts;
  /** What the function has to know about the secret to act on it. */
  readonly binding?: Binding;
}

/** A group of functions that do the same for different secrets. */
interface Group {
  readonly functions: RotationFunction[];
  readonly facts: string;
}

const ACCESS_KEY_ACTIONS = [
  'iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys', 'iam:UpdateAccessKey',
];

/**
 * The rotation functions of a platform: up to two for each database, and one for values that no database knows.
 *
 * They refer outward only, to databases and networks; secrets refer to them.
 */
export class RotationFunctions extends Construct {
  private readonly props: RotationFunctionsProps;
  private readonly groups = new Map<string, Group>();
  private readonly listeners: ((made: RotationFunction) => void)[] = [];

  constructor(scope: Construct, id: string, props: RotationFunctionsProps) {
    super(scope, id);
    this.props = props;
    addTags(this, props.settings.tags);
  }

  /** The platform that the functions belong to. */
  get platform(): IConstruct {
    return this.node.scope!;
  }

  /** Network of functions whose target and secret name none. */
  get network(): NetworkFacts | undefined {
    return this.props.network;
  }

  /** How functions of the platform are made. */
  get settings(): RotationFunctionOptions {
    return this.props.settings;
  }

  /** All functions so far. */
  get all(): RotationFunction[] {
    return [...this.groups.values()].flatMap((group) => group.functions);
  }

  /** Tells of each function, those that are to come included. */
  tellOf(listener: (made: RotationFunction) => void): void {
    this.all.forEach((made) => listener(made));
    this.listeners.push(listener);
  }

  /** The function of a database: as the users themselves, or as a superuser on users that are bound to it. */
  forDatabase(request: FunctionRequest, database: DatabaseTargetFacts, superuser?: ISecret): RotationFunction {
    const mode: RotationMode = superuser ? 'superuser' : 'prove';
    const another = superuser && superuser !== database.superuser ? `-${shortId(this, superuser)}` : '';
    const ofDatabase = database.databaseName === undefined ? '' : `-${shortHash(stableText(this, database.databaseName))}`;
    const connection = connectionFacts(database);
    const network = database.network(request.network ?? this.props.network);
    const facts = JSON.stringify([connection, database.password]);
    refuseCirclesOfFunctions(this, needsOfFunctions(database, network, superuser));
    const inNetwork = network === request.network ? this.suffixOf(network) : '';
    const name = database.idIn(this);
    return this.inGroup(request, `${name}${ofDatabase}-${mode}${another}${inNetwork}`, facts, (scope) => ({
      description: `Rotates users of ${name}, ${superuser ? 'as its superuser' : 'each as itself'}`,
      handler: database.engine.handler,
      environment: {
        [Environment.MODE]: mode,
        [Environment.DATABASE]: {
          ...connection,
          certificateAuthorities: database.certificateAuthorities && packedCertificates(database.certificateAuthorities),
        },
        [Environment.PASSWORD]: database.password,
      },
      network: network && attachToNetwork(scope, this, network, {
        description: `Rotation function of ${name}`,
        paths: [pathToDatabase(scope, database, network)],
      }),
      superuser,
      afterDatabase: database.dependencies,
    }));
  }

  /** The function of users of a service, and of a cluster where their passwords are tried out at one. */
  forCacheUser(request: FunctionRequest, user: CacheUserFacts): RotationFunction {
    const { service, userId, cluster } = user;
    const network = user.network ?? request.network ?? this.props.network;
    checkCacheNetwork(request.scope, user, network);
    const facts: CacheFacts = {
      service: service.name,
      userArnPrefix: cacheUserArn(this, service, ''),
      endpoint: apiUrlOf(user.apiEndpoint),
      ...(cluster && { cluster: { host: cluster.host, port: textOfToken(cluster.port) ?? cluster.port } }),
    };
    const atCluster = cluster ? `-${shortHash([cluster.host, cluster.port].map((part) => stableText(this, part)).join(':'))}` : '';
    const rotating = this.inGroup(
      request,
      `${service.name}${atCluster}${this.suffixOf(network)}`,
      JSON.stringify(facts),
      (scope) => ({
        description: `Rotates users of ${service.title}`,
        handler: 'rotate-cache-user',
        environment: { [Environment.CACHE]: facts },
        network: network && attachToCache(scope, this, user, network),
        userActions: service.actions,
        // A service may take minutes to change a user everywhere.
        timeout: Duration.minutes(15),
      }),
    );
    rotating.allowUser(cacheUserArn(this, service, userId));
    return rotating;
  }

  /** The function of IAM users. It changes former keys between rotations, too. */
  forAccessKeys(request: FunctionRequest, userArn: string): RotationFunction {
    const network = request.network ?? this.props.network;
    if (network && network.endpoint.kind !== 'natOrProxy') {
      throw new ValidationError({
        scope: request.scope,
        property: 'Rotation.iamAccessKey(network)',
        got: network.vpc,
        allowed: 'a network with SecretsManagerEndpoint.natOrProxy(), or none',
        remedy: 'the function calls IAM and AWS STS, and nothing leads there from a network that has an endpoint for Secrets '
          + 'Manager only; give a network whose subnets have a route out of the VPC, or use a platform without a network',
      });
    }
    const rotating = this.inGroup(request, `iam-access-keys${this.suffixOf(network)}`, '', (scope) => ({
      description: 'Rotates access keys of IAM users',
      handler: 'rotate-iam-access-key',
      environment: {},
      network: network && attachToNetwork(scope, this, network),
      userActions: ACCESS_KEY_ACTIONS,
    }));
    rotating.allowUser(userArn);
    return rotating;
  }

  /** The function that makes new random values. */
  forValues(request: FunctionRequest): RotationFunction {
    const network = request.network ?? this.props.network;
    return this.inGroup(request, `values${this.suffixOf(request.network)}`, '', (scope) => ({
      description: 'Makes new random values for secrets',
      handler: 'regenerate',
      environment: {},
      network: network && attachToNetwork(scope, this, network),
    }));
  }

  private inGroup(
    request: FunctionRequest, id: string, facts: string, props: (scope: Construct) => FunctionOfGroup,
  ): RotationFunction {
    const { binding } = request;
    const group = this.groups.get(id) ?? { functions: [], facts };
    if (group.facts !== facts) {
      throw new ConflictError(request.scope, `two DatabaseTargets of '${id}' describe the same database differently`,
        'make one DatabaseTarget and use it for all secrets of the database');
    }
    this.groups.set(id, group);
    const last = group.functions.at(-1);
    const serving = last?.hasRoomFor(request) ? last : this.another(group, id, props);
    if (!serving.hasRoomFor(request)) {
      throw new ConflictError(request.scope, 'the environment variables that the rotation function needs for the secret and '
        + `its database exceed the limit of AWS Lambda, ${MAXIMUM_ENVIRONMENT} bytes`,
      'give fewer or shorter roles, excluded characters or certificates');
    }
    if (binding) {
      serving.bind(binding, request.fixedName?.length);
    }
    return serving;
  }

  private another(group: Group, id: string, props: (scope: Construct) => FunctionOfGroup): RotationFunction {
    const number = group.functions.length + 1;
    const own = number === 1 ? id : `${id}-${number}`;
    const scope = new Construct(this, own);
    const functionName = functionNameOf(this.props.platformName, own);
    const made = new RotationFunction(scope, 'Default', {
      ...props(scope), functionName, platform: this.platform, settings: this.props.settings,
    });
    group.functions.push(made);
    this.listeners.forEach((listener) => listener(made));
    return made;
  }

  /** What distinguishes the functions in a network of a secret's own from those in the platform's. */
  private suffixOf(network: NetworkFacts | undefined): string {
    const id = network && this.idOf(network);
    return id === undefined || (this.props.network && this.idOf(this.props.network) === id) ? '' : `-${id}`;
  }

  private idOf({ vpc, subnets, endpoint, securityGroup }: NetworkFacts): string {
    const parts = [vpc, ...subnets.subnets, ...(securityGroup ? [securityGroup] : [])];
    return shortHash([...parts.map((part) => pathFrom(this, part)), endpoint.kind].join());
  }
}

function packedCertificates(pem: string): string {
  return Token.isUnresolved(pem) ? pem : packCertificates(pem);
}
