import type { Stack } from 'aws-cdk-lib/core';

/** A way to write the same secrets down: what they share, and each of them. */
export type Variant = (stack: Stack, secrets: number) => void;

export const REPLICA_REGION = 'eu-west-1';
export const ORGANIZATION = 'o-a1b2c3d4e5';
