import { CfnElement, CfnResource, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { isObject, type JsonObject, scalarOf } from './template-text';
import { ValidationError } from '../../core/errors';
import { requireText } from '../../core/validate';
import type { HardcodedCredentialAcknowledgement } from '../hardcoded-credential-check-props';

/** Where templates hold acknowledgements: a name that users see. */
const METADATA = 'cdk-secretsmanager-patterns:hardcoded-credentials';

/** An acknowledgement in a template. */
export interface Acknowledged {
  readonly logicalId: string;
  readonly property: string;
}

/** Writes an acknowledgement into the template: of a resource beside it, of other elements beside all. */
export function writeAcknowledgement(scope: IConstruct, acknowledgement: HardcodedCredentialAcknowledgement): void {
  const { property, reason } = acknowledgement;
  requireText({ scope, property: 'property', remedy: 'copy it from the finding' }, property, {
    minimum: 1, maximum: 1000, pattern: /\S/, allowed: 'the path of a property, as a finding names it',
  });
  const explain = { scope, property: 'reason', remedy: 'say why the literal may stay, for those who read it later' };
  requireText(explain, reason.trim(), { minimum: 10, maximum: 1000, allowed: '10 to 1,000 characters' });
  const element = elementOf(scope);
  if (CfnResource.isCfnResource(element)) {
    element.addMetadata(METADATA, [...listOf(element.getMetadata(METADATA)), { property, reason }]);
  } else {
    const stack = Stack.of(element);
    const { metadata } = stack.templateOptions;
    stack.addMetadata(METADATA, [...listOf(metadata?.[METADATA]), { logicalId: element.logicalId, property, reason }]);
  }
}

/** All acknowledgements of a template. */
export function acknowledgementsOf(template: JsonObject): Acknowledged[] {
  const resources = isObject(template.Resources) ? Object.entries(template.Resources) : [];
  return [
    ...resources.flatMap(([logicalId, resource]) => acknowledged(resource, logicalId)),
    ...acknowledged(template),
  ];
}

function acknowledged(holder: unknown, logicalId?: string): Acknowledged[] {
  const metadata = isObject(holder) && isObject(holder.Metadata) ? holder.Metadata[METADATA] : undefined;
  return listOf(metadata).filter(isObject).map((entry) => ({
    logicalId: logicalId ?? scalarOf(entry.logicalId),
    property: scalarOf(entry.property).replace(/^Properties\./, ''),
  }));
}

/** The element of the template that a construct is, or has as its main one. */
function elementOf(scope: IConstruct): CfnElement {
  let construct: IConstruct | undefined = scope;
  while (construct && !CfnElement.isCfnElement(construct)) {
    construct = construct.node.defaultChild;
  }
  if (construct === undefined || Stack.isStack(construct)) {
    throw new ValidationError({
      scope,
      property: 'scope',
      got: scope,
      allowed: 'a resource, an output or a parameter, or a construct that has one as its default child',
      remedy: 'give the resource that the finding names',
    });
  }
  return construct;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
