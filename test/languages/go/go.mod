module orders

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.220.0
	github.com/aws/constructs-go/constructs/v10 v10.4.2
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-secretsmanager-patterns/cdk-secretsmanager-patterns-go/secretsmanagerpatterns v0.0.0
)
