/** Names of the bundled functions: the folders of `assets/`. */
export type HandlerName = 'regenerate' | 'rotate-cache-user' | 'rotate-documentdb' | 'rotate-mysql' | 'rotate-oracle'
| 'rotate-postgresql' | 'rotate-redshift' | 'rotate-sqlserver';
