"""Runs all of these tests. The last line is `N passed, N failed`."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

from nimbus import ADMIN_TOKEN, Nimbus

# What every answer must keep to, whatever was sent. How lenient the desk is with what it takes is its own business.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def keeps_to_its_document():
    """Sends what the desk's OpenAPI document allows, and what it does not."""
    # It keeps what it found where it is run.
    with Nimbus() as nimbus, tempfile.TemporaryDirectory() as folder:
        document = f"{nimbus.url}/api/openapi.json"
        program = pathlib.Path(sys.executable).with_name("schemathesis")
        ended = subprocess.run(
            [
                program, "run", document, "--checks", CHECKS, "--header", f"Authorization: Bearer {ADMIN_TOKEN}",
                # One thread: several may not parse Python at a time (python/cpython#106905), and hypothesis does.
                "--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--seed", "1", "--workers", "1",
                "--suppress-health-check", "all", "--warnings", "off", "--no-color",
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
        )
        return ended.returncode == 0


folder = str(pathlib.Path(__file__).parent)
result = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.discover(folder))
failed = len(result.failures) + len(result.errors)
passed = result.testsRun - failed
if keeps_to_its_document():
    passed += 1
else:
    failed += 1
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
