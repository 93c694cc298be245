package app;

import io.github.cdksecretsmanagerpatterns.AlternatingUsersOptions;
import io.github.cdksecretsmanagerpatterns.ApiTokenOptions;
import io.github.cdksecretsmanagerpatterns.DatabaseCredentialsOptions;
import io.github.cdksecretsmanagerpatterns.DatabaseTarget;
import io.github.cdksecretsmanagerpatterns.HardenedSecret;
import io.github.cdksecretsmanagerpatterns.RegenerateOptions;
import io.github.cdksecretsmanagerpatterns.Rotation;
import io.github.cdksecretsmanagerpatterns.RotationBindOptions;
import io.github.cdksecretsmanagerpatterns.RotationConfig;
import io.github.cdksecretsmanagerpatterns.RotationFailureOptions;
import io.github.cdksecretsmanagerpatterns.RotationNetwork;
import io.github.cdksecretsmanagerpatterns.RotationNetworkOptions;
import io.github.cdksecretsmanagerpatterns.RotationTiming;
import io.github.cdksecretsmanagerpatterns.SecretContent;
import io.github.cdksecretsmanagerpatterns.SecretDefaults;
import io.github.cdksecretsmanagerpatterns.SecretGenerator;
import io.github.cdksecretsmanagerpatterns.SecretMonitoring;
import io.github.cdksecretsmanagerpatterns.SecretReplica;
import io.github.cdksecretsmanagerpatterns.SecretsPlatform;
import io.github.cdksecretsmanagerpatterns.SingleUserOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.RuntimeFamily;
import software.amazon.awscdk.services.rds.Credentials;
import software.amazon.awscdk.services.rds.DatabaseInstance;
import software.amazon.awscdk.services.rds.DatabaseInstanceEngine;
import software.amazon.awscdk.services.rds.PostgresEngineVersion;
import software.amazon.awscdk.services.rds.PostgresInstanceEngineProps;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/** The same app as in the other languages, and mistakes that the library refuses. */
public final class OrdersApp {
    private static final StackProps ENVIRONMENT = StackProps.builder()
            .env(Environment.builder().account("111111111111").region("us-east-1").build())
            .build();

    /** A rotation of our own: a partner's keys, each quarter. */
    static final class PartnerRotation extends Rotation {
        private final IFunction rotator;

        PartnerRotation(final IFunction rotator) {
            this.rotator = rotator;
        }

        @Override
        public RotationConfig bind(final Construct scope, final RotationBindOptions options) {
            options.getSecret().grantWrite(rotator);
            return RotationConfig.builder()
                    .rotationFunction(rotator)
                    .timing(RotationTiming.every(Duration.days(90)))
                    .build();
        }
    }

    /** The same in every language: a platform, three kinds of secrets, replicas and a reader. */
    private static void orders(final App app) {
        final Stack stack = new Stack(app, "Orders", ENVIRONMENT);
        final Vpc vpc = Vpc.Builder.create(stack, "Vpc")
                .maxAzs(2)
                .natGateways(0)
                .subnetConfiguration(List.of(SubnetConfiguration.builder()
                        .name("Isolated").subnetType(SubnetType.PRIVATE_ISOLATED).build()))
                .build();
        final SubnetSelection isolated = SubnetSelection.builder().subnetType(SubnetType.PRIVATE_ISOLATED).build();
        final SecretsPlatform platform = SecretsPlatform.Builder.create(stack, "Secrets")
                .platformName("orders")
                .defaults(SecretDefaults.builder()
                        .network(RotationNetwork.of(RotationNetworkOptions.builder().vpc(vpc).vpcSubnets(isolated).build()))
                        .monitoring(SecretMonitoring.rotationFailure(
                                RotationFailureOptions.builder().topic(new Topic(stack, "RotationFailures")).build()))
                        .build())
                .build();
        final HardenedSecret admin = HardenedSecret.Builder.create(stack, "Admin")
                .platform(platform)
                .content(SecretContent.databaseCredentials(
                        DatabaseCredentialsOptions.builder().username("orders_admin").build()))
                .build();
        final DatabaseInstance database = DatabaseInstance.Builder.create(stack, "Database")
                .vpc(vpc)
                .vpcSubnets(isolated)
                .engine(DatabaseInstanceEngine.postgres(
                        PostgresInstanceEngineProps.builder().version(PostgresEngineVersion.VER_16).build()))
                .credentials(Credentials.fromSecret(admin.getSecret(), "orders_admin"))
                .build();
        final DatabaseTarget target = DatabaseTarget.fromRdsInstance(database);
        admin.addRotation(Rotation.singleUser(SingleUserOptions.builder().database(target).build()));
        final HardenedSecret login = HardenedSecret.Builder.create(stack, "Login")
                .platform(platform)
                .secretName("orders/login")
                .content(SecretContent.databaseCredentials(
                        DatabaseCredentialsOptions.builder().username("orders").database(target).build()))
                .rotation(Rotation.alternatingUsers(
                        AlternatingUsersOptions.builder().createWithRoles(List.of("pg_read_all_data")).build()))
                .replicas(List.of(SecretReplica.inRegion("eu-west-1")))
                .build();
        HardenedSecret.Builder.create(stack, "Token")
                .platform(platform)
                .rotation(Rotation.regenerate(RegenerateOptions.builder()
                        .generator(SecretGenerator.apiToken(ApiTokenOptions.builder().prefix("acme_").build()))
                        .build()))
                .build();
        final Function rotator = Function.Builder.create(stack, "Rotator")
                .code(Code.fromAsset(System.getenv("ASSETS") + "/rotator"))
                .handler("index.handler")
                .runtime(new Runtime("nodejs24.x", RuntimeFamily.NODEJS))
                .build();
        HardenedSecret.Builder.create(stack, "PartnerKey")
                .platform(platform)
                .content(SecretContent.placeholder())
                .rotation(new PartnerRotation(rotator))
                .build();
        login.getGrants().read(Role.Builder.create(stack, "Reader")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com")).build());
    }

    /** What somebody may write by mistake. */
    private static Map<String, Consumer<Stack>> mistakes() {
        final Map<String, Consumer<Stack>> mistakes = new LinkedHashMap<>();
        mistakes.put("name", stack -> HardenedSecret.Builder.create(stack, "Secret")
                .secretName("what is this?").rotation(Rotation.regenerate()).build());
        mistakes.put("replica", stack -> HardenedSecret.Builder.create(stack, "Secret")
                .rotation(Rotation.regenerate()).replicas(List.of(SecretReplica.inRegion("us-east-1"))).build());
        mistakes.put("reason", stack -> HardenedSecret.Builder.create(stack, "Secret")
                .rotation(Rotation.none(" ")).build());
        mistakes.put("timing", stack -> HardenedSecret.Builder.create(stack, "Secret")
                .rotation(Rotation.regenerate(RegenerateOptions.builder()
                        .timing(RotationTiming.every(Duration.minutes(5))).build())).build());
        mistakes.put("twice", stack -> List.of("First", "Second").forEach(id -> HardenedSecret.Builder.create(stack, id)
                .secretName("same").rotation(Rotation.regenerate()).build()));
        return mistakes;
    }

    private static String messageOf(final Consumer<Stack> mistake) {
        try {
            mistake.accept(new Stack(new App(), "Orders", ENVIRONMENT));
            return "nothing was refused";
        } catch (final RuntimeException error) {
            return error.getMessage();
        }
    }

    /** Synthesises, and prints the messages as lines of name, tab and message. */
    public static void main(final String[] args) {
        final App app = new App();
        orders(app);
        app.synth();
        mistakes().forEach((name, mistake) ->
                System.out.println(name + "\t" + messageOf(mistake).replace('\n', ' ')));
    }
}
