import { documentdb, mongodb } from './documentdb';
import type { EngineUnderTest } from './engine-under-test';
import { openldap } from './ldap';
import { mariadb, mysql } from './mysql';
import { oracle } from './oracle';
import { postgresql } from './postgresql';
import { redis, redisWithFile } from './redis';
import { redshift } from './redshift';
import { sqlserver } from './sqlserver';

/** Every engine whose users rotate. */
export const ENGINES: readonly EngineUnderTest[] = [
  postgresql(15),
  postgresql(18),
  mariadb,
  mysql,
  sqlserver,
  oracle,
  documentdb,
  mongodb,
  redshift,
  redis,
  redisWithFile,
  openldap,
];
