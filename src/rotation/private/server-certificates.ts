import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { AMAZON_RDS_REGIONS } from '../../contract/amazon-rds-regions';
import { ValidationError } from '../../core/errors';
import type { DatabaseTargetFacts } from '../../database/private/database-facts';

/** The Region in the host of an Amazon RDS or DocumentDB endpoint; in China it comes after the service. */
const HOST =
  /\.(?:([a-z]+(?:-[a-z]+)+-\d+)\.(?:rds|docdb)|(?:rds|docdb)\.([a-z]+(?:-[a-z]+)+-\d+))\.amazonaws\.(?:com|com\.cn|eu)$/i;
const BUNDLES = 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html';

/**
 * Refuses a database whose server's certificate the function could not verify: it trusts the authorities that the target gives,
 * else those of Amazon RDS in its own Region, of which the package has only some.
 */
export function requireAuthorities(scope: IConstruct, functions: IConstruct, database: DatabaseTargetFacts): void {
  const { engine, certificateAuthorities, host } = database;
  if (certificateAuthorities !== undefined || engine.publicAuthorities) {
    return;
  }
  const own = known(Stack.of(functions).region);
  const region = regionOf(host) ?? own;
  const lacking = region !== undefined && !AMAZON_RDS_REGIONS.includes(region);
  if (lacking || (own !== undefined && region !== own)) {
    throw new ValidationError({
      scope,
      property: 'DatabaseTarget(certificateAuthorities)',
      got: undefined,
      allowed: `the authorities of the database in PEM text, for ${lacking
        ? `the package has none of Amazon RDS in ${region}`
        : `it is in ${region}, and the function trusts those of Amazon RDS in its own Region, ${own}`}`,
      remedy: `download the bundle of the Region from ${BUNDLES}, and give the root certificate in it that signed the server's`,
    });
  }
}

function regionOf(host: string): string | undefined {
  const [, before, after] = Token.isUnresolved(host) ? [] : HOST.exec(host) ?? [];
  return (before ?? after)?.toLowerCase();
}

function known(region: string): string | undefined {
  return Token.isUnresolved(region) ? undefined : region;
}
