# Runs apps one after the other, and prints for each what it was refused with, or null: JSON, a line each.
import json
import runpy
import sys

for file in sys.argv[1:]:
    message = None
    try:
        runpy.run_path(file)
    except Exception as error:
        message = str(error)
    print(json.dumps({"file": file, "message": message}), flush=True)
