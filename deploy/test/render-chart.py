"""Lints a chart as `helm lint --strict` and renders it once for each set of values: render-chart.py CHART VALUES_JSON…

Writes the manifests as a JSON list of lists; ends with the findings where the chart is unsound.
"""

import json
import sys

import helm_python
import yaml

chart, *variants = sys.argv[1:]
report = helm_python.lint(chart, strict=True)
# 1 is a hint, such as a missing icon.
findings = report["errors"] + [found["error"] for found in report["messages"] if found["severity"] > 1]
if findings:
    sys.exit("\n".join(findings))

loaded = helm_python.Chart.load(chart)
rendered = [loaded.render(json.loads(values), name="mesh") for values in variants]
parsed = [[part for text in files.values() for part in yaml.safe_load_all(text) if part] for files in rendered]
json.dump(parsed, sys.stdout)
