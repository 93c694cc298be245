import { type IConstruct, RootConstruct } from 'constructs';
import { checkAddress, checkOptions, refuseNoNetwork } from './database-checks';
import type { DatabaseTargetFacts, EngineFacts } from './database-facts';
import { databaseBehind, idsOf, idsOfHost } from './database-identity';
import { checkFurtherHosts } from './further-hosts';
import { databaseResources, refuseProxy } from './rds-database';
import { requireSecret } from '../../core/require-secret';
import { passwordRules } from '../../password/private/password-checks';
import type { DatabaseConnectionOptions, DatabaseHostOptions } from '../database-target-options';

/** What is known of a server that is described by its address. */
export function factsOfHost(
  factory: string, engine: EngineFacts, options: Omit<DatabaseHostOptions, 'engine'>,
): DatabaseTargetFacts {
  const scope = anyConstruct(options) ?? new RootConstruct(factory);
  const port = options.port ?? engine.defaultPort;
  const { host, tlsServerName } = options;
  checkAddress(scope, factory, 'host', { host, port, tlsServerName, defaultPort: engine.defaultPort });
  checkFurtherHosts(scope, `${factory}(furtherHosts)`, { ...options, engine });
  refuseProxy(scope, `${factory}(attachment)`, options.attachment);
  const source = databaseBehind(host);
  const securityGroups = [...options.securityGroups ?? []];
  const place = { ...options, port };
  return {
    ...common(scope, factory, engine, options),
    host,
    furtherHosts: options.furtherHosts,
    port,
    tlsPort: options.tlsPort,
    securityGroups,
    attachment: options.attachment,
    superuser: options.superuser && requireSecret('superuser', options.superuser),
    ...source ? idsOf(engine, source, place) : idsOfHost({ scope, factory, engine }, place),
    source,
    dependencies: source ? databaseResources(source) : [],
    network: (fallback) =>
      options.network?._facts ?? fallback ?? (securityGroups.length === 0 ? undefined : refuseNoNetwork(scope, factory)),
  };
}

/** What every target has, checked. */
export function common(scope: IConstruct, factory: string, engine: EngineFacts, options: DatabaseConnectionOptions) {
  const { databaseName, tlsServerName, certificateAuthorities, authentication, passwordStatement } = options;
  const input = { ...options, engine };
  checkOptions(scope, factory, input);
  return {
    engine,
    databaseName,
    tlsServerName,
    certificateAuthorities,
    allowMd5: authentication?._allowMd5,
    plainPasswordStatement: passwordStatement?._plainPasswordStatement,
    password: passwordRules(scope, factory, input),
  };
}

/** The construct that stands for the target in messages: an address has none of its own. */
function anyConstruct(options: Omit<DatabaseHostOptions, 'engine'>): IConstruct | undefined {
  return options.securityGroups?.[0] ?? options.network?._facts.vpc ?? options.superuser;
}
