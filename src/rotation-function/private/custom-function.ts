import { ArnPrincipal, type CfnRole, type IRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { fixed, isReference, literalFunctionArn } from './literal-function';
import { AttachablePolicy, lengthOfArn, PoliciesOfFunction, sizeOf } from './policies-of-function';
import { requireRotatable } from './rotatable-function';
import { roleArn, secretArnPattern, viaSecretsManager } from '../../core/arn';
import { ConflictError } from '../../core/errors';
import { requireSameIn } from '../../core/names-elsewhere';
import { refuseCircle } from '../../core/stack-circles';
import { deployAfter } from '../../core/stack-order';
import type { KeyFacts } from '../../encryption/private/encryption-key';
import { isOfStack, useOfKey } from '../../encryption/private/key-reference';
import { errorsOf, RotationAlarm } from '../../monitoring/private/rotation-alarm';
import type { SecretRecord } from '../../secret/private/secret-record';

const ID = 'SecretRotation';

/** Secrets that the policies of a role have room for, whatever their names and keys are. */
const MAXIMUM_SECRETS = 20;

const ROTATION_ACTIONS = [
  'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage',
];

const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

const ALARM_DESCRIPTION = 'A function that rotates secrets failed. Its log says why; the value that applications read is still '
  + 'the last one that worked. '
  + 'A rotation that did not start, and a step that reports success without having done its work, are no errors and are '
  + 'not seen here.';

/** A permission beside those that every rotation needs. */
interface AdditionalPermission {
  readonly _action: string;
  readonly _onSecret: boolean;
}

/** How a function is described. */
interface CustomFunctionTexts {
  /** The property that refusals name. */
  readonly property: string;
  /** What the alarm says, where it differs from that of our own functions. */
  readonly alarmDescription?: string;
}

/** A function that shares nothing with ours. */
const ON_ITS_OWN: CustomFunctionTexts = { property: 'Rotation.custom(handler)', alarmDescription: ALARM_DESCRIPTION };

const known = new WeakMap<IFunction, CustomFunction>();

/**
 * A rotation function of the user's: what it may do to secrets, and the alarm on its errors.
 *
 * Stands under the function, once however many secrets it rotates, and refers to none of them from another stack.
 */
export class CustomFunction extends Construct {
  /** What was made for a function, where it rotates a secret of the app. */
  static of(rotationFunction: IFunction): CustomFunction | undefined {
    return known.get(rotationFunction);
  }

  /** Finds or makes what a function needs; refuses one that cannot rotate. */
  static for(
    requestedBy: Construct,
    handler: IFunction,
    { property, alarmDescription }: CustomFunctionTexts = ON_ITS_OWN,
  ): CustomFunction {
    const role = requireRotatable(requestedBy, handler, property);
    return known.get(handler) ?? new CustomFunction(requestedBy, handler, role, alarmDescription);
  }

  readonly alarm: RotationAlarm;
  private readonly policies: PoliciesOfFunction;
  /** ARNs of the secrets, as statements refer to them. */
  private readonly secretArns: string[] = [];
  private readonly keys = new Map<string, string[]>();
  private readonly statements = new Map<string, PolicyStatement>();

  private constructor(
    requestedBy: Construct,
    private readonly handler: IFunction,
    private readonly role: IRole,
    alarmDescription?: string,
  ) {
    super(handler as unknown as Construct, ID);
    // Not the role's own policy: the function waits for that one, and this one names the function.
    const policy = new AttachablePolicy(this, 'Policy');
    role.attachInlinePolicy(policy);
    this.policies = new PoliciesOfFunction(this, role, policy);
    if (!policy.isTaken) {
      throw new ConflictError(requestedBy, `the role '${role.node.path}' of the rotation function takes no policy here, so the `
        + 'function cannot be granted access to the secret', 'use a role of the secret\'s account that policies can be added to, '
        + 'or where others look after the role, extend Rotation and return the function from bind()');
    }
    this.alarm = new RotationAlarm(this, 'Alarm', { metric: errorsOf(handler), description: alarmDescription });
    known.set(handler, this);
  }

  /** Lets the function rotate a secret, and says what a schedule of the secret refers to and waits for. */
  use(record: SecretRecord, additional: AdditionalPermission[]): { rotationFunction: IFunction; dependencies: IDependable[] } {
    const { scope } = record;
    if (this.secretArns.length === MAXIMUM_SECRETS) {
      throw new ConflictError(scope, `the function '${this.handler.node.path}' rotates ${MAXIMUM_SECRETS} secrets already, and `
        + 'the policies of its role have no room for more',
      'define another function with a role of its own');
    }
    const local = Stack.of(scope) === Stack.of(this);
    const secretArn = local ? record.secret.secretArn : literalArn(record, this);
    const rotationFunction = local ? this.handler : this.named(scope);
    this.secretArns.push(secretArn);
    if (!this.policies.take(this.lengthOf(record, additional, local))) {
      this.statements.clear();
      this.keys.clear();
      this.policies.begin();
      this.policies.take(this.lengthOf(record, additional, local));
    }
    ROTATION_ACTIONS.forEach((action) => this.allow('Rotate', action, secretArn));
    additional.forEach(({ _action, _onSecret }) => this.allow(_action.split(':')[1], _action, _onSecret ? secretArn : '*'));
    if (record.key) {
      this.useKey(scope, record.key, secretArn, local);
    }
    if (!local) {
      refuseCircle({ from: scope, to: this.handler }, 'define the function in the stack of the secret');
      deployAfter(Stack.of(scope), Stack.of(this));
    }
    return { rotationFunction, dependencies: local ? [...this.policies.all, this.handler] : [] };
  }

  /** One statement for all secrets. */
  private allow(sid: string, action: string, resource: string): void {
    const statement = this.statements.get(sid) ?? this.statementOf(sid, resource !== '*');
    if (!this.statements.has(sid)) {
      this.statements.set(sid, statement);
      this.policies.addStatements(statement);
    }
    statement.addActions(action);
    statement.addResources(resource);
  }

  private statementOf(sid: string, onSecrets: boolean, actions?: string[]): PolicyStatement {
    return new PolicyStatement({
      sid,
      actions,
      // A secret that was pointed at another function is no longer this one's to read.
      ...(onSecrets && {
        conditions: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': this.handler.functionArn } },
      }),
    });
  }

  /** Characters that a secret adds to a policy. */
  private lengthOf(record: SecretRecord, additional: AdditionalPermission[], local: boolean): number {
    const { scope, key } = record;
    const ofArn = lengthOfArn(this, record);
    const lists = [
      { sid: 'Rotate', actions: ROTATION_ACTIONS, _onSecret: true },
      ...additional.map(({ _action, _onSecret }) => ({ sid: _action.split(':')[1], actions: [_action], _onSecret })),
    ].map(({ sid, actions, _onSecret }) => (_onSecret ? ofArn : 0)
      + (this.statements.has(sid) ? 0 : sizeOf(this, this.statementOf(sid, _onSecret, actions))));
    const ofKey = key && ofArn + (this.keys.has(key.kmsKeyId) ? 0 : sizeOf(this, this.keyStatement(scope, key, [], local)));
    return lists.reduce((sum, length) => sum + length, ofKey ?? 0);
  }

  /**
   * A key of the secret's stack without an alias lets the role in by name, which not every role has: a reference would reverse
   * the dependency.
   */
  private useKey(scope: Construct, facts: KeyFacts, secretArn: string, local: boolean): void {
    const { kmsKeyId, key, aliasName } = facts;
    const secretArns = this.keys.get(kmsKeyId);
    if (secretArns) {
      secretArns.push(secretArn);
      return;
    }
    const ofKey = [secretArn];
    this.keys.set(kmsKeyId, ofKey);
    const statement = this.keyStatement(scope, facts, Lazy.list({ produce: () => ofKey }), local);
    if (aliasName === undefined && key && !local && isOfStack(key, scope)) {
      key.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ArnPrincipal(this.literalRoleArn(scope))],
          actions: KEY_ACTIONS,
          resources: ['*'],
          conditions: statement.conditions as Record<string, object>,
        }),
      );
    } else {
      this.policies.addStatements(statement);
    }
  }

  private keyStatement(scope: Construct, facts: KeyFacts, secretArns: string[], local: boolean): PolicyStatement {
    const named = useOfKey(facts, { scope, from: this, mayRefer: local });
    const conditions = {
      StringEquals: { 'kms:ViaService': viaSecretsManager(scope) },
      StringLike: { 'kms:EncryptionContext:SecretARN': secretArns },
      ...named.conditions,
    };
    return new PolicyStatement({ actions: KEY_ACTIONS, resources: named.resources, conditions });
  }

  /** The function as secrets of another stack know it, so that nothing is exported. */
  private named(scope: Construct): IFunction {
    const named = LambdaFunction.fromFunctionAttributes(scope, 'RotationFunction', {
      functionArn: literalFunctionArn(this.handler, { scope, what: 'secret' }),
      // Only policies that name the readers ask for it.
      role: Role.fromRoleArn(scope, 'RotationFunctionRole', Lazy.string({ produce: () => this.literalRoleArn(scope) }), {
        mutable: false,
      }),
      sameEnvironment: true,
    });
    known.set(named, this);
    return named;
  }

  private literalRoleArn(scope: Construct): string {
    if (!isReference(this.role.roleArn)) {
      return this.role.roleArn;
    }
    const resource = this.role.node.defaultChild as CfnRole | undefined;
    const name = fixed(resource?.roleName);
    if (name === undefined) {
      throw new ConflictError(
        scope,
        `the role '${this.role.node.path}' of the rotation function is in another stack than the secret and has no fixed `
          + 'name, and a policy of the secret or its key has to name it',
        "give the role a `roleName`, or define the function in the secret's stack",
      );
    }
    return roleArn(this.role, name, resource?.path);
  }
}

function literalArn({ scope, secret, fixedName }: SecretRecord, user: IConstruct): string {
  const name = fixedName ?? fixed((secret.node.defaultChild as CfnSecret | undefined)?.name);
  if (name === undefined) {
    throw new ConflictError(scope, 'the rotation function is in another stack than the secret, which has no fixed name, so the '
      + 'function cannot be granted access to it',
    'give the secret a `secretName`, or define the function in the secret\'s stack');
  }
  requireSameIn(user, { scope, property: 'secretName', name });
  return secretArnPattern(scope, name);
}
