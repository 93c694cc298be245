import type { Clock } from './clock';
import { isSameFunction } from './function-arn';
import { begunVersions } from './labelled-versions';
import { RotationError } from './rotation-error';
import type { SecretDescription, SecretStore } from './secret-store';
import { printable } from './step-log';
import type { AuditEvent, ExpectedReview, ExpectedSecret } from '../../src/contract/audit-event';
import { ROTATION_MARKER_TAG } from '../../src/contract/environment';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PARALLEL = 5;
const MAXIMUM_LISTED = 40;
const REVIEW_DATE = /^\d{4}-\d{2}-\d{2}$/;
const AWS_MANAGED_KEY = 'alias/aws/secretsmanager';

export interface AuditPorts {
  readonly store: SecretStore;
  readonly clock: Clock;
  /** ARN of the function that audits, which is the one that should rotate the secrets. */
  readonly functionArn: string;
  /** What else is done for a secret that the function rotates; what it finds. */
  readonly duty?: (secret: SecretDescription) => Promise<string[]>;
}

export function isAuditEvent(event: unknown): event is AuditEvent {
  return typeof event === 'object' && event !== null && 'audit' in event;
}

/** Compares secrets with what must be true of them. Apart from its duty it reads no value, and it connects to no database. */
export async function runAudit(event: AuditEvent, ports: AuditPorts): Promise<void> {
  const { audit: expected, reviews = [] } = event;
  if (!isListOf(expected, isExpectedSecret) || !isListOf(reviews, isExpectedReview)) {
    throw new RotationError('request', 'the audit event is not a list of expected secrets');
  }
  const found: string[][] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < expected.length; index = next++) {
      found[index] = await auditSecret(expected[index], ports);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const findings = [
    ...found.flatMap((lines, index) => lines.map((line) => `${printable(expected[index].secret)}: ${line}`)),
    ...reviews.filter(({ reviewBy }) => ports.clock.now() >= Date.parse(reviewBy) + DAY)
      .map(({ secret, reviewBy }) => `${printable(secret)}: does not rotate, and that was to be reviewed by ${reviewBy}`),
  ];
  if (findings.length > 0) {
    const listed = findings.slice(0, MAXIMUM_LISTED).join('; ');
    const rest = findings.length > MAXIMUM_LISTED ? `; and ${findings.length - MAXIMUM_LISTED} more` : '';
    throw new RotationError('audit', `${findings.length} findings in ${expected.length + reviews.length} secrets: ${listed}${rest}`);
  }
}

async function auditSecret(expected: ExpectedSecret, ports: AuditPorts): Promise<string[]> {
  try {
    const secret = await ports.store.describe(expected.secret);
    const refused = ownershipFindings(secret, ports.functionArn);
    return [
      ...refused,
      ...overdueFindings(expected, secret, ports.clock.now()),
      ...await pendingFindings(expected, secret, ports),
      ...replicaFindings(expected, secret, ports.clock.now()),
      ...keyFindings(expected, secret),
      // Of a secret that a rotation would refuse nothing is changed here either.
      ...refused.length === 0 ? await ports.duty?.(secret) ?? [] : [],
    ];
  } catch (thrown) {
    const error = RotationError.from(thrown);
    if (error.code === 'ResourceNotFoundException') {
      return ['does not exist'];
    }
    return [error.errorClass === 'permission' ? 'access denied' : `could not be examined: ${error.message}`];
  }
}

/** What a rotation by this function would be refused for. */
function ownershipFindings(secret: SecretDescription, functionArn: string): string[] {
  const findings: string[] = [];
  if (secret.deletedAt !== undefined) {
    findings.push('scheduled for deletion');
  }
  if (!secret.rotationEnabled) {
    findings.push('rotation is off');
  }
  if (secret.rotationFunctionArn !== undefined && !isSameFunction(secret.rotationFunctionArn, functionArn)) {
    findings.push('rotated by another function');
  }
  if (!secret.tagKeys.includes(ROTATION_MARKER_TAG)) {
    findings.push(`without the tag ${ROTATION_MARKER_TAG}`);
  }
  return findings;
}

function overdueFindings(expected: ExpectedSecret, secret: SecretDescription, now: number): string[] {
  const rotatedAt = secret.rotatedAt ?? secret.createdAt ?? 0;
  // An older secret whose rotation was just added waits for the first time that it is due.
  const waits = secret.rotatedAt === undefined && now <= (secret.nextRotationAt ?? 0) + DAY;
  return !waits && now - rotatedAt > expected.rotatesWithinHours * HOUR
    ? [`overdue: not rotated for ${expected.rotatesWithinHours} hours`]
    : [];
}

async function pendingFindings(
  expected: ExpectedSecret,
  secret: SecretDescription,
  { store, clock }: AuditPorts,
): Promise<string[]> {
  const stuck = begunVersions(secret);
  if (stuck.length === 0) {
    return [];
  }
  const versions = await store.listVersions(expected.secret);
  const old = versions.some(({ versionId, createdAt }) => stuck.includes(versionId) && clock.now() - createdAt > HOUR);
  return old ? ['a rotation began more than an hour ago and has not finished: AWSPENDING is stuck'] : [];
}

function replicaFindings(expected: ExpectedSecret, secret: SecretDescription, now: number): string[] {
  const changedLately = now - (secret.changedAt ?? 0) < HOUR;
  return (expected.replicaRegions ?? []).flatMap((region) => {
    const status = secret.replicas.find((replica) => replica.region === region)?.status;
    const fine = status === 'InSync' || (status === 'InProgress' && changedLately);
    return fine ? [] : [`replica in ${printable(region)} is ${status === undefined ? 'missing' : 'not in sync'}`];
  });
}

function keyFindings(expected: ExpectedSecret, secret: SecretDescription): string[] {
  const key = secret.encryptionKey;
  const customer = key !== undefined && !key.endsWith(AWS_MANAGED_KEY);
  const fine =
    expected.key === undefined || (customer && (expected.key === 'customer' || lastPart(expected.key) === lastPart(key)));
  return fine ? [] : ['encrypted with another key than expected'];
}

/** The id of a key, or its alias: KMS and Secrets Manager name a key with and without its ARN. */
function lastPart(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1).replace(/^key\//, '');
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isExpectedSecret(value: unknown): value is ExpectedSecret {
  return typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string'
    && 'rotatesWithinHours' in value && typeof value.rotatesWithinHours === 'number';
}

function isExpectedReview(value: unknown): value is ExpectedReview {
  return typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string'
    && 'reviewBy' in value && typeof value.reviewBy === 'string' && REVIEW_DATE.test(value.reviewBy);
}
