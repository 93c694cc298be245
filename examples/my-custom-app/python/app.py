from aws_cdk import App, Environment

from my_custom_app_stack import MyCustomAppStack

app = App()
MyCustomAppStack(app, "MyCustomApp", env=Environment(account="111111111111", region="us-east-1"))
app.synth()
