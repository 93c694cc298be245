/** What is on one floor knows the floors below, and nothing beside it: each folder, and what it holds. */
type Floor = Readonly<Record<string, string>>;

/** The files beside the folders. */
export const BESIDE = '.';

/**
 * The folders of `src` and `handlers`, from the top down: the one place that says which of them may know which.
 *
 * A file imports its own folder and those on lower floors, types included.
 */
export const HOUSES: Readonly<Record<'src' | 'handlers', readonly Floor[]>> = {
  src: [
    { [BESIDE]: 'the construct, the platform and their defaults: they connect all parts' },
    {
      'rotation': 'strategies: how a value changes, one file each',
      'rotated-action': 'what happens after a rotation',
      'break-glass': 'a way in for an emergency',
      'runbook': 'repairs of rotations',
    },
    { 'rotation-function': 'the Lambda functions: which one, its role, its settings' },
    {
      content: 'what is in a secret',
      replication: 'other Regions',
      delivery: 'how consumers get the value',
      monitoring: 'alarms, events, audit',
    },
    { secret: 'the secret and its grants', database: 'databases and how to reach them', cache: 'users of caches' },
    {
      'password': 'characters and length',
      'network': 'VPCs and endpoints',
      'encryption': 'keys',
      'resource-policy': 'who is refused',
      'hardcoded-credentials': 'literals in templates',
    },
    { contract: 'what functions are configured with', core: 'errors, checks, order of stacks' },
  ],
  handlers: [
    {
      'rotate-postgresql': '',
      'rotate-mysql': '',
      'rotate-oracle': '',
      'rotate-sqlserver': '',
      'rotate-documentdb': '',
      'rotate-redshift': '',
      'rotate-redis': 'Redis, Valkey',
      'rotate-ldap': 'OpenLDAP, Active Directory',
      'rotate-cache-user': 'ElastiCache, MemoryDB',
      'rotate-iam-access-key': 'keys of IAM users',
      'regenerate': 'values of no database',
      'on-rotated': 'what happens after a rotation',
      'rotation-runtime': "steps of a user's own",
      'secret-client': 'for applications: no function',
    },
    {
      'database': 'strategies for users of databases',
      'postgresql-protocol': 'what PostgreSQL and Amazon Redshift share',
      'redis-protocol': 'what Redis and caches share',
    },
    { [BESIDE]: 'make-handler: from an event to a step' },
    { aws: 'APIs of AWS, without the SDK', tls: 'whom to trust' },
    { deployment: 'the configuration of a function' },
    { core: 'the steps of a rotation, without a service' },
  ],
};

/** The only folder of `src` that `handlers` may know: what both sides agree on. */
export const CONTRACT = 'src/contract';
