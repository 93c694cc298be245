// The same app as in the other languages, and mistakes that the library refuses.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsrds"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	patterns "github.com/cdk-secretsmanager-patterns/cdk-secretsmanager-patterns-go/secretsmanagerpatterns"
)

var environment = &awscdk.StackProps{
	Env: &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("us-east-1")},
}

// A rotation of our own: a partner's keys, each quarter.
type partnerRotation struct {
	patterns.Rotation
	rotator awslambda.IFunction
}

func newPartnerRotation(rotator awslambda.IFunction) patterns.Rotation {
	rotation := &partnerRotation{rotator: rotator}
	patterns.NewRotation_Override(rotation)
	return rotation
}

func (rotation *partnerRotation) Bind(_ constructs.Construct, options *patterns.RotationBindOptions) *patterns.RotationConfig {
	options.Secret.GrantWrite(rotation.rotator)
	return &patterns.RotationConfig{
		RotationFunction: rotation.rotator,
		Timing:           patterns.RotationTiming_Every(awscdk.Duration_Days(jsii.Number(90)), nil),
	}
}

// The same in every language: a platform, three kinds of secrets, replicas and a reader.
func orders(app awscdk.App) {
	stack := awscdk.NewStack(app, jsii.String("Orders"), environment)
	vpc := awsec2.NewVpc(stack, jsii.String("Vpc"), &awsec2.VpcProps{
		MaxAzs:      jsii.Number(2),
		NatGateways: jsii.Number(0),
		SubnetConfiguration: &[]*awsec2.SubnetConfiguration{
			{Name: jsii.String("Isolated"), SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED},
		},
	})
	isolated := &awsec2.SubnetSelection{SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED}
	platform := patterns.NewSecretsPlatform(stack, jsii.String("Secrets"), &patterns.SecretsPlatformProps{
		PlatformName: jsii.String("orders"),
		Defaults: &patterns.SecretDefaults{
			Network: patterns.RotationNetwork_Of(&patterns.RotationNetworkOptions{Vpc: vpc, VpcSubnets: isolated}),
			Monitoring: patterns.SecretMonitoring_RotationFailure(&patterns.RotationFailureOptions{
				Topic: awssns.NewTopic(stack, jsii.String("RotationFailures"), nil),
			}),
		},
	})
	admin := patterns.NewHardenedSecret(stack, jsii.String("Admin"), &patterns.HardenedSecretProps{
		Platform: platform,
		Content: patterns.SecretContent_DatabaseCredentials(&patterns.DatabaseCredentialsOptions{
			Username: jsii.String("orders_admin"),
		}),
	})
	database := awsrds.NewDatabaseInstance(stack, jsii.String("Database"), &awsrds.DatabaseInstanceProps{
		Vpc:        vpc,
		VpcSubnets: isolated,
		Engine: awsrds.DatabaseInstanceEngine_Postgres(&awsrds.PostgresInstanceEngineProps{
			Version: awsrds.PostgresEngineVersion_VER_16(),
		}),
		Credentials: awsrds.Credentials_FromSecret(admin.Secret(), jsii.String("orders_admin")),
	})
	target := patterns.DatabaseTarget_FromRdsInstance(database, nil)
	admin.AddRotation(patterns.Rotation_SingleUser(&patterns.SingleUserOptions{Database: target}))
	login := patterns.NewHardenedSecret(stack, jsii.String("Login"), &patterns.HardenedSecretProps{
		Platform:   platform,
		SecretName: jsii.String("orders/login"),
		Content: patterns.SecretContent_DatabaseCredentials(&patterns.DatabaseCredentialsOptions{
			Username: jsii.String("orders"),
			Database: target,
		}),
		Rotation: patterns.Rotation_AlternatingUsers(&patterns.AlternatingUsersOptions{
			CreateWithRoles: jsii.Strings("pg_read_all_data"),
		}),
		Replicas: &[]patterns.SecretReplica{patterns.SecretReplica_InRegion(jsii.String("eu-west-1"), nil)},
	})
	patterns.NewHardenedSecret(stack, jsii.String("Token"), &patterns.HardenedSecretProps{
		Platform: platform,
		Rotation: patterns.Rotation_Regenerate(&patterns.RegenerateOptions{
			Generator: patterns.SecretGenerator_ApiToken(&patterns.ApiTokenOptions{Prefix: jsii.String("acme_")}),
		}),
	})
	rotator := awslambda.NewFunction(stack, jsii.String("Rotator"), &awslambda.FunctionProps{
		Code:    awslambda.Code_FromAsset(jsii.String(filepath.Join(os.Getenv("ASSETS"), "rotator")), nil),
		Handler: jsii.String("index.handler"),
		Runtime: awslambda.NewRuntime(jsii.String("nodejs24.x"), awslambda.RuntimeFamily_NODEJS, nil),
	})
	patterns.NewHardenedSecret(stack, jsii.String("PartnerKey"), &patterns.HardenedSecretProps{
		Platform: platform,
		Content:  patterns.SecretContent_Placeholder(nil),
		Rotation: newPartnerRotation(rotator),
	})
	login.Grants().Read(awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
	}))
}

// What somebody may write by mistake.
var mistakes = map[string]func(awscdk.Stack){
	"name": func(stack awscdk.Stack) {
		patterns.NewHardenedSecret(stack, jsii.String("Secret"), &patterns.HardenedSecretProps{
			SecretName: jsii.String("what is this?"),
			Rotation:   patterns.Rotation_Regenerate(nil),
		})
	},
	"replica": func(stack awscdk.Stack) {
		patterns.NewHardenedSecret(stack, jsii.String("Secret"), &patterns.HardenedSecretProps{
			Rotation: patterns.Rotation_Regenerate(nil),
			Replicas: &[]patterns.SecretReplica{patterns.SecretReplica_InRegion(jsii.String("us-east-1"), nil)},
		})
	},
	"reason": func(stack awscdk.Stack) {
		patterns.NewHardenedSecret(stack, jsii.String("Secret"), &patterns.HardenedSecretProps{
			Rotation: patterns.Rotation_None(jsii.String(" "), nil),
		})
	},
	"timing": func(stack awscdk.Stack) {
		patterns.NewHardenedSecret(stack, jsii.String("Secret"), &patterns.HardenedSecretProps{
			Rotation: patterns.Rotation_Regenerate(&patterns.RegenerateOptions{
				Timing: patterns.RotationTiming_Every(awscdk.Duration_Minutes(jsii.Number(5)), nil),
			}),
		})
	},
	"twice": func(stack awscdk.Stack) {
		for _, id := range []string{"First", "Second"} {
			patterns.NewHardenedSecret(stack, jsii.String(id), &patterns.HardenedSecretProps{
				SecretName: jsii.String("same"),
				Rotation:   patterns.Rotation_Regenerate(nil),
			})
		}
	},
}

func messageOf(mistake func(awscdk.Stack)) (message string) {
	defer func() {
		if refused := recover(); refused != nil {
			message = fmt.Sprint(refused)
		}
	}()
	mistake(awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Orders"), environment))
	return "nothing was refused"
}

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	orders(app)
	app.Synth(nil)
	for name, mistake := range mistakes {
		fmt.Printf("%s\t%s\n", name, strings.ReplaceAll(messageOf(mistake), "\n", " "))
	}
}
