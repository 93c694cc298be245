"""The same app as in the other languages, and mistakes that the library refuses."""

import os

from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from cdk_secretsmanager_patterns import (
    DatabaseTarget,
    HardenedSecret,
    Rotation,
    RotationConfig,
    RotationNetwork,
    RotationTiming,
    SecretContent,
    SecretDefaults,
    SecretGenerator,
    SecretMonitoring,
    SecretReplica,
    SecretsPlatform,
)

ENVIRONMENT = Environment(account="111111111111", region="us-east-1")


class PartnerRotation(Rotation):
    """A rotation of our own: a partner's keys, each quarter."""

    def __init__(self, rotator: lambda_.IFunction) -> None:
        super().__init__()
        self._rotator = rotator

    def bind(self, scope, *, secret) -> RotationConfig:
        secret.grant_write(self._rotator)
        return RotationConfig(rotation_function=self._rotator, timing=RotationTiming.every(Duration.days(90)))


def orders(app: App) -> None:
    """The same in every language: a platform, three kinds of secrets, replicas and a reader."""
    stack = Stack(app, "Orders", env=ENVIRONMENT)
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        max_azs=2,
        nat_gateways=0,
        subnet_configuration=[ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
    )
    isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    platform = SecretsPlatform(
        stack,
        "Secrets",
        platform_name="orders",
        defaults=SecretDefaults(
            network=RotationNetwork.of(vpc=vpc, vpc_subnets=isolated),
            monitoring=SecretMonitoring.rotation_failure(topic=sns.Topic(stack, "RotationFailures")),
        ),
    )
    admin = HardenedSecret(
        stack, "Admin", platform=platform, content=SecretContent.database_credentials(username="orders_admin")
    )
    database = rds.DatabaseInstance(
        stack,
        "Database",
        vpc=vpc,
        vpc_subnets=isolated,
        engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16),
        credentials=rds.Credentials.from_secret(admin.secret, "orders_admin"),
    )
    target = DatabaseTarget.from_rds_instance(database)
    admin.add_rotation(Rotation.single_user(database=target))
    login = HardenedSecret(
        stack,
        "Login",
        platform=platform,
        secret_name="orders/login",
        content=SecretContent.database_credentials(username="orders", database=target),
        rotation=Rotation.alternating_users(create_with_roles=["pg_read_all_data"]),
        replicas=[SecretReplica.in_region("eu-west-1")],
    )
    HardenedSecret(
        stack,
        "Token",
        platform=platform,
        rotation=Rotation.regenerate(generator=SecretGenerator.api_token(prefix="acme_")),
    )
    rotator = lambda_.Function(
        stack,
        "Rotator",
        code=lambda_.Code.from_asset(os.path.join(os.environ["ASSETS"], "rotator")),
        handler="index.handler",
        runtime=lambda_.Runtime("nodejs24.x", lambda_.RuntimeFamily.NODEJS),
    )
    HardenedSecret(
        stack,
        "PartnerKey",
        platform=platform,
        content=SecretContent.placeholder(),
        rotation=PartnerRotation(rotator),
    )
    login.grants.read(iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))


def twice(stack: Stack) -> None:
    for construct_id in ("First", "Second"):
        HardenedSecret(stack, construct_id, secret_name="same", rotation=Rotation.regenerate())


# What somebody may write by mistake.
MISTAKES = {
    "name": lambda stack: HardenedSecret(stack, "Secret", secret_name="what is this?", rotation=Rotation.regenerate()),
    "replica": lambda stack: HardenedSecret(
        stack, "Secret", rotation=Rotation.regenerate(), replicas=[SecretReplica.in_region("us-east-1")]
    ),
    "reason": lambda stack: HardenedSecret(stack, "Secret", rotation=Rotation.none(" ")),
    "timing": lambda stack: HardenedSecret(
        stack, "Secret", rotation=Rotation.regenerate(timing=RotationTiming.every(Duration.minutes(5)))
    ),
    "twice": twice,
}


def message_of(mistake) -> str:
    try:
        mistake(Stack(App(), "Orders", env=ENVIRONMENT))
    except Exception as error:
        return str(error)
    return "nothing was refused"


app = App()
orders(app)
app.synth()
for name, mistake in MISTAKES.items():
    print(name, message_of(mistake).replace("\n", " "), sep="\t")
