/**
 * What beginners do to the README's app, in TypeScript and in Python. Each mistake is an edit of it, `wrong`; `says` finds the
 * remedy in the message, and `right` is the edit that it names: nothing is in it that the message or the app does not say.
 */

/** Places in the app, once in each: an edit is such a place and what is written there. */
const ROTATION = { typescript: 'Rotation.alternatingUsers()', python: 'Rotation.alternating_users()' };
const REGION = { typescript: "'eu-west-1'", python: '"eu-west-1"' };
const REPLICAS = {
  typescript: "  replicas: [SecretReplica.inRegion('eu-west-1')],\n",
  python: '    replicas=[SecretReplica.in_region("eu-west-1")],\n',
};
const USERNAME = { typescript: "username: 'my_custom_app'", python: 'username="my_custom_app"' };
const ADMIN = {
  typescript: "rds.Credentials.fromGeneratedSecret('personnel_admin')",
  python: 'rds.Credentials.from_generated_secret("personnel_admin")',
};
const TARGET = { typescript: 'DatabaseTarget.fromRdsInstance(instance)', python: 'DatabaseTarget.from_rds_instance(instance)' };
const VPC = { typescript: 'maxAzs: 2, natGateways: 1', python: 'max_azs=2, nat_gateways=1' };
const ENGINE = { typescript: '  engine: rds', python: '    engine=rds' };
const RUNTIME = { typescript: '  runtime:', python: '    runtime=' };
const END = { typescript: 'app.synth();', python: 'app.synth()' };

/** All but digits, letters first. */
const EXCLUDED = [...Array(94).keys()].map((nth) => String.fromCharCode(126 - nth)).filter((character) => !/\d/.test(character))
  .sort((one, other) => Number(/[a-z]/i.test(other)) - Number(/[a-z]/i.test(one)));

const both = (at, typescript, python = typescript) =>
  ({ typescript: [[at.typescript, typescript]], python: [[at.python, python]] });
const nothing = { typescript: [], python: [] };

/** A VPC with subnets of these types; the CDK wants to be told of a database and a function in public ones. */
function subnets(...types) {
  const list = (one) => types.map((type) => one(type)).join(', ');
  return {
    typescript: [
      [VPC.typescript, `maxAzs: 2, subnetConfiguration: [${list((type) => `{ name: '${type}', subnetType: ec2.SubnetType.${type} }`)}]`],
      [ENGINE.typescript, `  vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },\n${ENGINE.typescript}`],
      [RUNTIME.typescript, `  allowPublicSubnet: true,\n${RUNTIME.typescript}`],
    ],
    python: [
      [VPC.python, `max_azs=2, subnet_configuration=[${list((type) =>
        `ec2.SubnetConfiguration(name="${type}", subnet_type=ec2.SubnetType.${type})`)}]`],
      [ENGINE.python, `    vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),\n${ENGINE.python}`],
      [RUNTIME.python, `    allow_public_subnet=True,\n${RUNTIME.python}`],
    ],
  };
}

/** A database that somebody else made, with the user that may make others. */
function imported({ typescript: [more, options], python: [pythonMore, pythonOptions] }, groups = 1) {
  const group = (text) => groups === 0 ? '' : text;
  return {
    typescript: [
      [ROTATION.typescript, 'Rotation.alternatingUsers({ superuser: instance.secret! })'],
      [TARGET.typescript, "DatabaseTarget.fromRdsInstance(rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Theirs', "
        + "{ instanceIdentifier: 'theirs', instanceEndpointAddress: 'theirs.example.com', port: 5432, "
        + `securityGroups: [${group("ec2.SecurityGroup.fromSecurityGroupId(stack, 'Theirs-Group', 'sg-01234567')")}]${more} })${options})`],
    ],
    python: [
      [ROTATION.python, 'Rotation.alternating_users(superuser=instance.secret)'],
      [TARGET.python, 'DatabaseTarget.from_rds_instance(rds.DatabaseInstance.from_database_instance_attributes(stack, "Theirs", '
        + 'instance_identifier="theirs", instance_endpoint_address="theirs.example.com", port=5432, '
        + `security_groups=[${group('ec2.SecurityGroup.from_security_group_id(stack, "Theirs-Group", "sg-01234567")')}]${pythonMore})`
        + `${pythonOptions})`],
    ],
  };
}

const POSTGRES = 'rds.DatabaseInstanceEngine.POSTGRES';
/** All that an import does not say by itself. */
const KNOWN = {
  typescript: [`, engine: ${POSTGRES}`, ', { network: RotationNetwork.of({ vpc }) }'],
  python: [`, engine=${POSTGRES}`, ', network=RotationNetwork.of(vpc=vpc)'],
};

export const MISTAKES = [
  {
    title: 'the name of a rotation in place of a rotation',
    wrong: both(ROTATION, "'alternatingUsers'", '"alternating_users"'),
    // Python's own bindings look first, and name the class alone.
    says: /`rotation` is "a text", allowed: a Rotation: (Rotation\.alternatingUsers\(\))|must be .*patterns\.(Rotation)\b/,
    right: ([named]) => both(ROTATION, named, `${named}.alternating_users()`),
  },
  {
    title: 'a parameter where synthesis needs a text',
    wrong: both(REGION, "new cdk.CfnParameter(stack, 'Copy').valueAsString", 'cdk.CfnParameter(stack, "Copy").value_as_string'),
    says: /allowed: the name of a Region as text; write it as in ('[a-z0-9-]+')$/,
    right: ([region]) => both(REGION, region),
  },
  {
    title: 'characters excluded, too few left',
    wrong: excluding(EXCLUDED),
    says: /at least (\d+) of the 94 printable .*; passwords from (\d+) characters are guessed too easily; exclude fewer$/,
    right: ([needed, left]) => excluding(EXCLUDED.slice(needed - left)),
  },
  {
    title: 'a VPC without subnets for the function',
    wrong: subnets('PUBLIC'),
    says: /allowed: private subnets, with egress or (isolated); .* select private subnets, and add some where the VPC has none$/,
    right: ([kind]) => subnets('PUBLIC', `PRIVATE_${kind.toUpperCase()}`),
  },
  {
    title: 'a database of others, without its engine',
    wrong: imported({
      typescript: ['', ', { network: RotationNetwork.of({ vpc }) }'], python: ['', ', network=RotationNetwork.of(vpc=vpc)'],
    }),
    says: /imported without its engine: say which it is, with `engine: (DatabaseEngine\.POSTGRES)`/,
    right: ([engine]) => imported({
      typescript: ['', `, { network: RotationNetwork.of({ vpc }), engine: ${engine} }`],
      python: ['', `, network=RotationNetwork.of(vpc=vpc), engine=${engine}`],
    }),
  },
  {
    title: 'a database of others, without its VPC',
    wrong: imported({ typescript: [`, engine: ${POSTGRES}`, ''], python: [`, engine=${POSTGRES}`, ''] }),
    says: /the VPC of the database is not known here: .*, with `network: RotationNetwork\.of\(\{ vpc \}\)`$/,
    right: () => imported(KNOWN),
  },
  {
    title: 'a database of others, without its security groups',
    wrong: imported(KNOWN, 0),
    says: /at least one security group of the database; .* as `securityGroups: \[(group)\]`, or/,
    right: () => imported(KNOWN, 1),
  },
  {
    title: 'a superuser that nobody has named',
    wrong: superuser('Rotation.singleUserWithSuperuser()', 'Rotation.single_user_with_superuser()'),
    says: /create the database with an admin secret, or give `(superuser)` to the rotation/,
    right: ([name]) => superuser(
      `Rotation.singleUserWithSuperuser({ ${name}: secretsmanager.Secret.fromSecretNameV2(stack, 'Admin', 'personnel/admin') })`,
      `Rotation.single_user_with_superuser(${name}=secretsmanager.Secret.from_secret_name_v2(stack, "Admin", "personnel/admin"))`,
    ),
  },
  {
    title: 'a rotation every hour',
    wrong: hourly(1),
    says: /`RotationTiming\.every\(interval\)` is "1 hour", allowed: whole hours from (\d+) to \d+/,
    right: ([hours]) => hourly(hours),
  },
  {
    title: 'a replica in the Region of the secret',
    wrong: both(REGION, "'us-east-1'", '"us-east-1"'),
    says: /allowed: another Region than the secret's own, 'us-east-1'; (leave it out)/,
    right: () => both(REPLICAS, ''),
  },
  {
    title: 'a second rotation for a secret',
    wrong: both(
      END,
      `creds.addRotation(Rotation.alternatingUsers());\n${END.typescript}`,
      `creds.add_rotation(Rotation.alternating_users())\n${END.python}`,
    ),
    says: /the secret has a rotation already, .*; (leave one of the two out)$/,
    right: () => nothing,
  },
  {
    title: 'a grant to everybody',
    wrong: both(
      END,
      `creds.grants.read(new iam.AnyPrincipal());\n${END.typescript}`, `creds.grants.read(iam.AnyPrincipal())\n${END.python}`,
    ),
    says: /`grants\(grantee\)` is "\*", .*; grant to a (role) or an account/,
    right: () => both(
      END,
      "creds.grants.read(new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));\n"
        + END.typescript,
      'creds.grants.read(iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")))\n' + END.python,
    ),
  },
];

function excluding(characters) {
  const text = JSON.stringify(characters.join(''));
  return both(USERNAME, `${USERNAME.typescript}, excludeCharacters: ${text}`, `${USERNAME.python}, exclude_characters=${text}`);
}

/** An administrator whose password somebody keeps elsewhere. */
function superuser(typescript, python) {
  return {
    typescript: [
      [ADMIN.typescript, "rds.Credentials.fromPassword('personnel_admin', cdk.SecretValue.ssmSecure('/personnel/admin'))"],
      [ROTATION.typescript, typescript],
    ],
    python: [
      [ADMIN.python, 'rds.Credentials.from_password("personnel_admin", cdk.SecretValue.ssm_secure("/personnel/admin"))'],
      [ROTATION.python, python],
    ],
  };
}

function hourly(hours) {
  return both(
    ROTATION,
    `Rotation.alternatingUsers({ timing: RotationTiming.every(cdk.Duration.hours(${hours})) })`,
    `Rotation.alternating_users(timing=RotationTiming.every(cdk.Duration.hours(${hours})))`,
  );
}
