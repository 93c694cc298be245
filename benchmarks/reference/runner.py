"""Calls the handler of a rotation function with each event of its standard input, and answers how it ended.

Arguments: the directory of the function, the PEM file of the certificate authority to trust, the engine. The function
itself is not changed: what it trusts is fixed to a path of AWS Lambda's machines, so its driver is told another.
"""

import json
import sys

directory, authority, engine = sys.argv[1:4]
sys.path.insert(0, directory)

if engine == "postgres":
    import pgdb

    connect_to_postgres = pgdb.connect
    pgdb.connect = lambda **options: connect_to_postgres(**{**options, "sslrootcert": authority})
else:
    import pymysql

    connect_to_mysql = pymysql.connect
    pymysql.connect = lambda *given, **options: connect_to_mysql(*given, **{**options, "ssl": {"ca": authority}})

import lambda_function  # noqa: E402

for line in sys.stdin:
    try:
        lambda_function.lambda_handler(json.loads(line), None)
        answer = {}
    except Exception as error:  # noqa: BLE001
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
