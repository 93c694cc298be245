/** Users of PostgreSQL itself and of Amazon RDS, which only they rotate. */
export const RESERVED_POSTGRESQL_USERS = /^(pg_|rds_|(rdsadmin|rdsproxyadmin|rdsrepladmin|rdstopmgr|rdswriteforwarduser)$)/;

/** Users of MySQL and MariaDB themselves and of Amazon RDS. */
export const RESERVED_MYSQL_USERS = /^(mysql\.|mariadb\.|rds_|(rdsadmin|rdsproxyadmin|rdsrepladmin|rdstopmgr)$)/;

/** Users of Amazon DocumentDB and MongoDB themselves. */
export const RESERVED_DOCUMENTDB_USERS = /^(__system|serviceadmin|rdsadmin)$/;

/**
 * Users of SQL Server itself, of Windows and of Amazon RDS, and names that no login can have; the server does not distinguish
 * upper from lower case.
 */
export const RESERVED_SQLSERVER_USERS =
  /^(##.*##|.*\\.*|(sa|rdsa|rdsadmin|distributor_admin|dbo|guest|sys|information_schema|public)$)/is;

/** Users of Oracle Database itself and of Amazon RDS, in quotation marks or not. */
export const RESERVED_ORACLE_USERS = new RegExp(`^"?((RDS_|APEX_|ORDS_|XS\\$|SYS\\$|C##DBAAS_).*|${[
  'SYS', 'SYSTEM', 'SYSBACKUP', 'SYSDG', 'SYSKM', 'SYSRAC', 'SYSMAN', 'DBSNMP', 'DBSFWUSER', 'OUTLN', 'XDB', 'ANONYMOUS',
  'AUDSYS', 'CTXSYS', 'MDSYS', 'MDDATA',
  'ORDSYS', 'ORDDATA', 'ORDPLUGINS', 'LBACSYS', 'DVSYS', 'DVF', 'OJVMSYS', 'OLAPSYS', 'WMSYS', 'EXFSYS', 'SI_INFORMTN_SCHEMA',
  'DIP', 'ORACLE_OCM', 'APPQOSSYS',
  'GSMADMIN_INTERNAL', 'GSMCATUSER', 'GSMUSER', 'REMOTE_SCHEDULER_AGENT', 'GGSYS', 'MGMT_VIEW', 'RDSADMIN', 'RDSSEC', 'PUBLIC',
].join('|')})"?$`, 'i');

/** The user of Redis and Valkey whom everybody is that names none: clients, replicas and sentinels. */
export const RESERVED_REDIS_USERS = /^default$/;

/**
 * Entries of directories themselves: what OpenLDAP keeps of itself, what Kerberos and AWS need in Active Directory. It is for
 * what `entryKey()` makes of a name.
 */
export const RESERVED_LDAP_USERS = /^cn=(?:CONFIG|MONITOR|SUBSCHEMA)$|^cn=(?:KRBTGT|GUEST)\0|\0ou=AWS RESERVED\0/;

/** The user of Amazon Redshift itself, those that come from IAM and IAM Identity Center, and the name that stands for all. */
export const RESERVED_REDSHIFT_USERS = /^((rdsdb|public)$|(iam|iamr|iama|awsidc):)/i;
