import type { TemplateResource } from '../local-deployment/cloud-assembly';

/** The path of a construct, without the resources in it; the logical id where the template names none. */
export function pathOf({ Metadata }: TemplateResource, logicalId: string): string {
  const path = Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path.replace(/(\/(Default|Resource|RotationSchedule))+$/, '') : logicalId;
}
