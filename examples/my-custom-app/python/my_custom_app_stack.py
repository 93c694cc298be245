from pathlib import Path

from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from cdk_secretsmanager_patterns import (
    DatabaseTarget,
    HardenedSecret,
    Rotation,
    RotationFunctionOptions,
    RotationNetwork,
    SecretContent,
    SecretDefaults,
    SecretMonitoring,
    SecretReplica,
    SecretsManagerEndpoint,
    SecretsPlatform,
)
from constructs import Construct

# Not the port that everybody tries first.
PERSONNEL_PORT = 6432


class MyCustomAppStack(Stack):
    """MyCustomApp reads MyCustomAppCreds and reaches the Personnel database, whose password changes underneath it."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=0,
            subnet_configuration=[ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
        )
        isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)

        # For the database, logs, notifications and settings of functions: the keys of secrets encrypt secrets only.
        application_key = kms.Key(
            self, "ApplicationKey", description="Encrypts what MyCustomApp has besides secrets", enable_key_rotation=True
        )

        platform = SecretsPlatform(
            self,
            "Secrets",
            defaults=SecretDefaults(
                # The application calls Secrets Manager from the VPC as well, so the endpoint is everybody's.
                network=RotationNetwork.of(vpc=vpc, vpc_subnets=isolated, endpoint=SecretsManagerEndpoint.for_vpc()),
                monitoring=SecretMonitoring.rotation_failure(
                    topic=sns.Topic(self, "RotationFailures", enforce_ssl=True, master_key=application_key)
                ),
            ),
            rotation_functions=RotationFunctionOptions(encryption_key=application_key),
        )

        admin = HardenedSecret(
            self,
            "PersonnelAdmin",
            platform=platform,
            description="Administers the Personnel database and rotates its users",
            content=SecretContent.database_credentials(username="personnel_admin"),
        )
        instance = rds.DatabaseInstance(
            self,
            "Personnel",
            vpc=vpc,
            vpc_subnets=isolated,
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_6),
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
            multi_az=True,
            port=PERSONNEL_PORT,
            credentials=rds.Credentials.from_secret(admin.secret, "personnel_admin"),
            storage_encryption_key=application_key,
            deletion_protection=True,
            backup_retention=Duration.days(7),
            cloudwatch_logs_exports=["postgresql", "upgrade"],
            monitoring_interval=Duration.minutes(1),
        )
        personnel = DatabaseTarget.from_rds_instance(instance)
        admin.add_rotation(Rotation.single_user(database=personnel))

        creds = HardenedSecret(
            self,
            "MyCustomAppCreds",
            platform=platform,
            secret_name="MyCustomAppCreds",
            description="MyCustomApp signs in to the Personnel database with it",
            content=SecretContent.database_credentials(username="my_custom_app", database=personnel),
            rotation=Rotation.alternating_users(create_with_roles=["pg_read_all_data"]),
            replicas=[SecretReplica.in_region("eu-west-1")],
        )

        security_group = ec2.SecurityGroup(
            self, "MyCustomAppSecurityGroup", vpc=vpc, description="MyCustomApp", allow_all_outbound=False
        )
        my_custom_app = lambda_.Function(
            self,
            "MyCustomApp",
            vpc=vpc,
            vpc_subnets=isolated,
            security_groups=[security_group],
            code=lambda_.Code.from_asset(str(Path(__file__).parents[1] / "my-custom-app")),
            handler="index.handler",
            runtime=lambda_.Runtime("nodejs24.x", lambda_.RuntimeFamily.NODEJS),
            environment={"SECRET_NAME": creds.secret.secret_name},
            environment_encryption=application_key,
        )
        security_group.connections.allow_to(instance, ec2.Port.tcp(PERSONNEL_PORT), "MyCustomApp to the Personnel database")
        security_group.add_egress_rule(
            ec2.Peer.ipv4(vpc.vpc_cidr_block), ec2.Port.tcp(443), "MyCustomApp to the endpoint of Secrets Manager"
        )
        creds.grants.read(my_custom_app)
