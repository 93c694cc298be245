import { Grant, type IGrantable, type IPrincipal, UnknownPrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { isImmutableRole, principalOf } from './grant-principal';
import { grantOnKey } from './key-permissions';
import { NameSpace } from './name-space';
import { asReader } from './reader-policies';
import { warnOfReaderWithoutWay } from './reader-without-way';
import { READ } from './secret-permissions';
import { secretArn } from '../../core/arn';
import { ConflictError, ValidationError } from '../../core/errors';
import { deployAfterIfPossible } from '../../core/stack-order';
import type { KeyFacts } from '../../encryption/private/encryption-key';

/** The secrets of a platform as one: by what their names begin with, and under which keys. */
export class SecretsOfPlatform {
  private readonly names?: NameSpace;
  private readonly readers = new Set<IPrincipal>();
  private readonly keys = new Map<unknown, KeyFacts>();
  /** A secret for each stack that has some. */
  private readonly stacks = new Map<Stack, IConstruct>();

  constructor(private readonly platform: IConstruct, secretNamePrefix?: string) {
    this.names = secretNamePrefix === undefined ? undefined : new NameSpace(platform, secretNamePrefix);
  }

  /** Takes a secret in: those who may read all may read it. */
  add(secret: IConstruct, secretName?: string, key?: KeyFacts): void {
    this.names?.add(secret, secretName);
    const id = key?.key ?? key?.kmsKeyId;
    if (key && !this.keys.has(id)) {
      this.keys.set(id, key);
      this.readers.forEach((reader) => this.allowKey(reader, key));
    }
    if (!this.stacks.has(Stack.of(secret))) {
      this.stacks.set(Stack.of(secret), secret);
      this.readers.forEach((reader) => deployReaderAfter(secret, reader));
    }
  }

  /** Lets a principal read all, also those that are to come. */
  letRead(grantee: IGrantable): Grant {
    const principal = principalOf(this.platform, grantee);
    if (!this.names) {
      throw new ValidationError({
        scope: this.platform,
        property: 'secretNamePrefix',
        got: undefined,
        allowed: 'what the names of all secrets of the platform begin with',
        remedy: 'give the platform one, or grant on each secret: secret.grants.read()',
      });
    }
    const grant = this.isOfAccount(principal) && Grant.addToPrincipal({
      grantee: asReader(grantee), actions: READ.secretActions, resourceArns: [this.arns],
    });
    if (!grant || !grant.success || isImmutableRole(principal) || principal instanceof UnknownPrincipal) {
      throw new ConflictError(this.platform, `a grant to read all secrets to '${principal}' would have no effect: it is not known to be `
        + "of the platform's account, or takes no policy here, and no secret's own policy lets it in",
      'grant to a role of the account that this app knows, or grant on each secret: secret.grants.read()');
    }
    this.readers.add(principal);
    this.stacks.forEach((secret) => deployReaderAfter(secret, principal));
    if (Construct.isConstruct(principal)) {
      warnOfReaderWithoutWay(this.platform, principal, 'secrets of');
    }
    return [...this.keys.values()].reduce((all, key) => all.combine(this.allowKey(principal, key)), grant);
  }

  /** By its alias where it is in another stack: its ARN would be exported. */
  private allowKey(reader: IPrincipal, key: KeyFacts): Grant {
    return grantOnKey({ resource: this.platform }, key, reader, READ.keyActions, this.arns, false);
  }

  private get arns(): string {
    return secretArn(this.platform, this.names!.pattern);
  }

  private isOfAccount({ principalAccount = '' }: IPrincipal): boolean {
    const comparison = Token.compareStrings(Stack.of(this.platform).account, principalAccount);
    return comparison === TokenComparison.SAME || comparison === TokenComparison.BOTH_UNRESOLVED;
  }
}

function deployReaderAfter(secret: IConstruct, reader: IPrincipal): void {
  if (Construct.isConstruct(reader) && Stack.of(reader) !== Stack.of(secret)) {
    deployAfterIfPossible(reader, secret);
  }
}
