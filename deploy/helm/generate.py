#!/usr/bin/env python3
"""Makes what is made from the chart: its README and the Kustomize base.

Usage: generate.py HELM [--check]; --check writes nothing and ends with 1 where
a file is not what it would write.
"""

import pathlib
import re
import subprocess
import sys

import yaml

HERE = pathlib.Path(__file__).parent
CHART = HERE / "footnote"
BASE = HERE.parent / "kustomize" / "base"

README = """# Chart footnote

{description}. Made from `values.yaml` by `deploy/test-chart.sh --fix`.

```sh
helm install search deploy/helm/footnote --values my-values.yaml
helm test search
```

[deploy/README.md](../../README.md) says how to build the image, and how to run, upgrade and restore. Each file of
[ci](ci) is one way of running it:

{ways}

Kubernetes {kubernetes} or newer. A value that is not listed here, or has another type, is refused.

## Values

| value | default | what it is |
| --- | --- | --- |
{rows}
"""


def values_with_comments(lines):
    """Yields (path, has a default, comment) of every value and group of values."""
    path = []
    comment = []
    for line in map(str.rstrip, lines):
        indent = len(line) - len(line.lstrip())
        if line.lstrip().startswith("#"):
            comment.append(line.strip("# "))
        elif match := re.match(r" *([A-Za-z]+): ?(.*)", line):
            path = [*path[:indent // 2], match.group(1)]
            if match.group(2) or comment:
                yield ".".join(path), bool(match.group(2)), " ".join(comment)
            comment = []
        else:
            comment = []


def lookup(values, path):
    for key in path.split("."):
        values = values[key]
    return values


def row(values, path, has_default, comment):
    if not has_default:
        return f"| **{path}** | | {comment} |"
    text = yaml.safe_dump(lookup(values, path), default_flow_style=True,
                          width=1000)
    return f"| `{path}` | `{text.strip().removesuffix('...').strip()}` | {comment} |"


def readme():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    text = (CHART / "values.yaml").read_text()
    values = yaml.safe_load(text)
    rows = [row(values, *value)
            for value in values_with_comments(text.splitlines())]
    ways = [f"- [{path.name}](ci/{path.name}): "
            f"{path.read_text().splitlines()[0].removeprefix('# ')}"
            for path in sorted((CHART / "ci").iterdir())]
    return README.format(description=chart["description"],
                         kubernetes=chart["kubeVersion"].strip(">=").split("-")[0],
                         rows="\n".join(rows), ways="\n".join(ways))


def kustomize_base(helm):
    """Returns the files of the base: the chart's defaults without what is Helm's."""
    rendered = subprocess.run(
        [helm, "template", "footnote", str(CHART), "--kube-version", "1.30",
         "--namespace", "NAMESPACE"],
        check=True, capture_output=True, text=True).stdout
    objects = []
    environment = {}
    for thing in filter(None, yaml.safe_load_all(rendered)):
        metadata = thing["metadata"]
        if "helm.sh/hook" in metadata.get("annotations", {}):
            continue
        if metadata["name"] == "footnote-server":
            environment = thing["data"]
            continue
        for label in ("app.kubernetes.io/managed-by", "helm.sh/chart"):
            metadata["labels"].pop(label)
        if "template" in thing.get("spec", {}):
            # The generated name of the ConfigMap does what the checksum does.
            thing["spec"]["template"]["metadata"].pop("annotations")
        if "FOOTNOTE_TARGET" in thing.get("data", {}):
            # A name without a namespace is looked for in the client's own.
            target = thing["data"]["FOOTNOTE_TARGET"]
            thing["data"]["FOOTNOTE_TARGET"] = target.replace(".NAMESPACE", "")
        objects.append(thing)
    head = "# Made from the chart's defaults by deploy/test-chart.sh --fix.\n"
    return {
        BASE / "footnote.yaml":
            head + yaml.safe_dump_all(objects, sort_keys=False, width=1000),
        BASE / "server.env":
            head + "".join(f"{name}={value}\n" for name, value in environment.items()),
    }


def generated(helm):
    return {CHART / "README.md": readme(), **kustomize_base(helm)}


def main():
    files = generated(sys.argv[1])
    if "--check" not in sys.argv:
        for path, text in files.items():
            path.write_text(text)
    stale = [str(path) for path, text in files.items()
             if not path.exists() or path.read_text() != text]
    if stale:
        raise SystemExit(f"not as generated (deploy/test-chart.sh --fix): {stale}")


if __name__ == "__main__":
    main()
