import type { Simulation } from '@cloud-copilot/iam-simulate';
import { type AppName, APPS } from './apps';
import { Deployment } from './deployment';
import { isAllowed, simulationOf } from './evaluation';
import type { Row, Verdict } from './row';
import type { Regions } from './scenario';

/** Where an app is deployed. */
export interface Place extends Regions {
  readonly partition: string;
}

/** Where the examples are. */
export const COMMERCIAL: Place = { partition: 'aws', region: 'us-east-1', replica: 'eu-west-1' };
/** The other partitions. */
export const ELSEWHERE: Place[] = [
  { partition: 'aws-cn', region: 'cn-north-1', replica: 'cn-northwest-1' },
  { partition: 'aws-us-gov', region: 'us-gov-west-1', replica: 'us-gov-east-1' },
];

const deployments = new Map<string, Deployment>();

/** An app in a place, deployed once. */
export function deployed(app: AppName, place: Place): Deployment {
  const key = `${app} in ${place.region}`;
  const deployment = deployments.get(key) ?? new Deployment(APPS[app](place));
  deployments.set(key, deployment);
  return deployment;
}

/** What decides a row in an app. */
export function simulationOfRow(app: AppName, place: Place, [principal, action, resource, context]: Row): Simulation {
  const there = (text: string) => text.replace(/\{(partition|region|replica)\}/g, (_, name: keyof Place) => place[name]);
  return simulationOf(deployed(app, place), {
    principal: there(principal),
    action,
    resource: there(resource),
    context: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, value && there(value)])),
  });
}

/** What is decided. */
export async function verdictOn(simulation: Simulation): Promise<Verdict> {
  return await isAllowed(simulation) ? 'allowed' : 'refused';
}
