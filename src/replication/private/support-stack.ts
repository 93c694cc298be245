import {
  Annotations,
  Aspects,
  AssetManifestBuilder,
  isReusableStackSynthesizer,
  type IStackSynthesizer,
  RemoveTag,
  Stack,
  Stage,
  Tag,
} from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { ConflictError } from '../../core/errors';
import { topLevelStack } from '../../core/stack-order';

/** Stable: users acknowledge the note by this name. */
const STAYS = 'cdk-secretsmanager-patterns:replicaStackStays';

/** Which support stack is asked for, and by whom. */
export interface SupportStackRequest {
  /** Construct that needs it, for messages and for its stack: the primary. */
  readonly scope: IConstruct;
  readonly platformName: string;
  readonly region: string;
}

/**
 * The stack of a platform in another Region: found, or made beside the primary stack.
 *
 * Its id is contract: a key that moved to another stack would be a new key.
 */
export function supportStack(request: SupportStackRequest): Stack {
  const primary = topLevelStack(request.scope);
  const stage = (Stage.of(primary) ?? primary.node.root) as Construct;
  // Names of platforms may have characters that names of stacks may not.
  const id = `${request.platformName}-${request.region}`.replace(/[^A-Za-z0-9-]+/g, '-');
  const existing = stage.node.tryFindChild(id);
  if (!existing) {
    return create(stage, id, primary, request);
  }
  if (!Stack.isStack(existing) || existing.region !== request.region || existing.account !== primary.account) {
    throw new ConflictError(request.scope, `the stack for the replica keys in '${request.region}' cannot be made: `
      + `'${existing.node.path}' exists and is not a stack in that Region and in the account '${primary.account}'`,
    'give the platform another `platformName`, or `SecretReplica.inRegion(region, { stack })` a stack of yours');
  }
  return existing;
}

function create(stage: Construct, id: string, primary: Stack, request: SupportStackRequest): Stack {
  const stack = new Stack(stage, id, {
    // Not the stage's name as well: the platform's, and with it the alias of the key, may be the same in another stage.
    stackName: id,
    description: `Keys that encrypt the replicas of the secrets of ${request.platformName} in ${request.region}`,
    env: { account: primary.account, region: request.region },
    synthesizer: reusableSynthesizer(primary, request),
    tags: primary.tags.tagValues(),
  });
  Aspects.of(stack).add({ visit: (node) => tagLike(primary, stage, node) });
  // Said while the Region is there: afterwards the app knows nothing of it.
  Annotations.of(stack).addInfoV2(STAYS, `when no secret has '${request.region}' among its \`replicas\` any more, this stack is no `
    + `longer in the app and stays with its key: aws cloudformation delete-stack --stack-name ${id} --region ${request.region} `
    + '(docs/leaving.md)');
  return stack;
}

/** Tags given with `Tags.of()` to the primary or to a scope around it are known only when all constructs have been made. */
function tagLike(primary: Stack, stage: Construct, node: IConstruct): void {
  for (const scope of primary.node.scopes.slice(stage.node.scopes.length)) {
    for (const aspect of Aspects.of(scope).all) {
      if (aspect instanceof Tag || aspect instanceof RemoveTag) {
        aspect.visit(node);
      }
    }
  }
}

function reusableSynthesizer(primary: Stack, request: SupportStackRequest): IStackSynthesizer {
  // A stack holds a bound copy, which cannot be bound again; its prototype is the synthesizer that was given.
  const prototype = Object.getPrototypeOf(primary.synthesizer) as IStackSynthesizer;
  const isClass = Object.prototype.hasOwnProperty.call(prototype, 'constructor');
  if (isClass || !isReusableStackSynthesizer(prototype)) {
    throw new ConflictError(
      request.scope,
      `the stack for the replica key in '${request.region}' cannot be made: the synthesizer `
        + `of '${primary.node.path}' `
        + 'cannot be used for a second stack',
      `make a stack in '${request.region}' and give it to \`SecretReplica.inRegion(region, { stack })\``,
    );
  }
  // Without a manifest of its own the stack would publish the primary's assets too.
  return Object.create(prototype, { assetManifest: { value: new AssetManifestBuilder() } }) as IStackSynthesizer;
}
