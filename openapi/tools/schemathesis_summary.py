"""One line on what Schemathesis did as an account; fails if it found something, or was mostly refused."""

import json
import sys

account, report_path, tally_path = sys.argv[1:]
try:
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    with open(tally_path, encoding="utf-8") as file:
        answers = json.load(file)["answers"]
    operations, cases = report["operations"]["tested"], report["test_cases"]["generated"]
except (OSError, TypeError) as e:
    sys.exit(f"{account}: Schemathesis did not come to its end: {e}")
asked = sum(answers.values())
let_in = 1 - (answers.get("401", 0) + answers.get("403", 0)) / max(asked, 1)
findings = report["test_cases"]["unique_failures"] + len(report["errors"])
seconds = report["running_time"]
print(f"{account:<12} {operations:>10} {cases:>7} {let_in:>11.1%} {findings:>9} {seconds:>8.0f}", flush=True)
if let_in <= 0.8:
    sys.exit(f"{account}: more than one answer of five is 401 or 403, so most of the service was not tried")
sys.exit(findings > 0)
