/** Names of the bundled functions. */
export type HandlerName = 'on-rotated' | 'regenerate' | 'rotate-cache-user' | 'rotate-documentdb' | 'rotate-iam-access-key'
| 'rotate-ldap' | 'rotate-mysql' | 'rotate-oracle' | 'rotate-postgresql' | 'rotate-redis' | 'rotate-redshift'
| 'rotate-sqlserver';
