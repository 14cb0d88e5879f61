#!/usr/bin/env python3
"""Tests the Helm chart and the Kustomize files; deploy/test-chart.sh runs it."""

import argparse
import functools
import itertools
import pathlib
import re
import subprocess
import traceback
import xml.etree.ElementTree as ElementTree

import kubernetes_validate
import yaml

import generate
import rules

CHART = generate.CHART
KUSTOMIZE = generate.BASE.parent
WAYS = sorted(path.name.removesuffix("-values.yaml")
              for path in (CHART / "ci").iterdir())
VERSIONS = [f"1.{minor}" for minor in range(
    29, int(kubernetes_validate.latest_version().split(".")[1]) + 1)]
# Image volumes are there from this version on; before it the chart says so.
IMAGE_VOLUME_VERSION = "1.33"
# Kinds of others, whose schemas Kubernetes does not carry.
CUSTOM_KINDS = {"GRPCRoute", "PodMonitor"}

# What the schema refuses, and how the message names it.
WRONG_VALUES = [
    (["replica.count=3"], "additional properties 'replica' not allowed"),
    (["image.tagg=1"], "'/image': additional properties 'tagg' not allowed"),
    (["image.digest=latest"], "'/image/digest'"),
    (["replicas.count=-1"], "'/replicas/count': minimum: got -1, want 0"),
    (["server.threads=many"], "'/server/threads': got string, want integer"),
    (["server.maxDeadline=30"], "'/server/maxDeadline': got number, want string"),
    (["index.mode=magic"], "'/index/mode': value must be one of 'follow', 'pull'"),
    (["index.mode=follow"], "'/store/url': minLength: got 0, want 1"),
    (["index.mode=pull"], "'/store/url': minLength: got 0, want 1"),
    (["index.mode=claim"], "'/index/claimName': minLength: got 0, want 1"),
    (["index.mode=imageVolume"], "'/index/image/reference': minLength: got 0, want 1"),
    (["index.collections={Docs}"], "'/index/collections/0': 'Docs' does not match"),
    (["store.url=ftp://x"], "'/store/url': 'ftp://x' does not match"),
    (["store.url=/store"], "'/store/volume': minProperties: got 0, want 1"),
    (["store.url=/store", "store.volume.hostPath.path=/x"], "'hostPath'"),
    (["sync.enabled=true", "store.url=s3://a/b"],
     "'/sync/volume': minProperties: got 0, want 1"),
    (["parts.enabled=true", "parts.collection=c1"],
     "'/store/url': minLength: got 0, want 1"),
    (["replicas.enabled=false"], "'/ingest/enabled': value must be true"),
    (["ingest.enabled=true", "ingest.pushSchedule=@daily"],
     "'/store/url': minLength: got 0, want 1"),
    (["ingest.persistence.size=big"], "'/ingest/persistence/size'"),
    (["grpcRoute.enabled=true"], "'/grpcRoute/parentRefs': minItems: got 0, want 1"),
    (["ingress.enabled=true"], "'/ingress/hosts': minItems: got 0, want 1"),
    ([r"commonLabels.app\.kubernetes\.io/name=x"], "'app.kubernetes.io/name'"),
]


class Skipped(Exception):
    """Why a case cannot be tried here."""


class Tools:
    """Runs helm and kustomize; what was rendered once is kept."""

    def __init__(self, helm, kustomize):
        self.helm_path = helm
        self._kustomize = kustomize

    def helm(self, *arguments):
        return subprocess.run([self.helm_path, *arguments], capture_output=True,
                              text=True, check=False)

    @functools.cache
    def render(self, way, version="1.33"):
        done = self.helm("template", "search", str(CHART), "--kube-version", version,
                         "--values", str(CHART / "ci" / f"{way}-values.yaml"))
        assert done.returncode == 0, done.stderr
        return rules.load_objects(done.stdout)

    @functools.cache
    def kustomize(self, name):
        done = subprocess.run([self._kustomize, "build", str(KUSTOMIZE / name)],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return rules.load_objects(done.stdout)

    def everything(self):
        """Yields what is rendered and all its objects, for each way of running."""
        for way in WAYS:
            yield way, self.render(way)
        for name in ("base", "follow"):
            yield f"kustomize {name}", self.kustomize(name)


def expect_nothing(wrong):
    assert not wrong, "\n".join(wrong)


def check_lint(tools, way):
    done = tools.helm("lint", str(CHART), "--strict", "--kube-version", "1.33",
                      "--values", str(CHART / "ci" / f"{way}-values.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def check_schemas(objects, version):
    for thing in objects:
        if thing["kind"] not in CUSTOM_KINDS:
            kubernetes_validate.validate(thing, version, strict=True)


def check_rendered(tools, way, version):
    if way == "image-volume" and VERSIONS.index(version) < VERSIONS.index(
            IMAGE_VOLUME_VERSION):
        try:
            tools.render(way, version)
        except AssertionError as error:
            assert "needs Kubernetes 1.33" in str(error), error
            return
        raise AssertionError("rendered all the same")
    check_schemas(tools.render(way, version), version)


def check_rules(objects):
    for thing in filter(rules.pod_of, objects):
        expect_nothing(rules.pod_security(thing))
    expect_nothing(rules.selectors(objects))
    expect_nothing(rules.references(objects))
    names = [rules.title(thing) for thing in objects]
    assert len(names) == len(set(names)), names


def check_refused(tools, settings, message):
    flags = itertools.chain.from_iterable(("--set", each) for each in settings)
    done = tools.helm("template", "search", str(CHART), "--kube-version", "1.33", *flags)
    assert done.returncode != 0, "taken"
    assert message in done.stderr, done.stderr


def check_every_value_is_used(_tools):
    templates = "".join(path.read_text()
                        for path in (CHART / "templates").rglob("*.*"))
    text = (CHART / "values.yaml").read_text().splitlines()
    for path, has_default, _ in generate.values_with_comments(text):
        key = path.split(".")[-1]
        assert not has_default or re.search(rf'[."]{key}\b', templates) or \
            "resources" in path, f"{path} changes nothing"


def check_checksum(tools):
    """A changed configuration replaces the pods of every server."""
    def checksums(*flags):
        done = tools.helm("template", "search", str(CHART), "--kube-version", "1.33",
                          "--set", "ingest.enabled=true", *flags)
        return re.findall(r"checksum/config: (\w+)", done.stdout)
    before, after = checksums(), checksums("--set", "server.cacheMb=1")
    assert len(before) == len(after) == 2 and not set(before) & set(after), before


def check_drain(tools):
    """A pod has the time that its server takes to end."""
    for thing in tools.render("everything"):
        if thing["kind"] == "Deployment":
            spec = rules.pod_of(thing)[1]
            sleep = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
            assert spec["terminationGracePeriodSeconds"] > sleep + 5 + 30
    old = tools.render("everything", "1.29")
    assert "preStop" not in yaml.safe_dump_all(old), "1.29 has no sleep"


def commands_and_variables(tools):
    """Yields (commands, variables of the server) of every object and service."""
    for _, objects in tools.everything():
        for thing in objects:
            containers = rules.containers_of(rules.pod_of(thing)[1]) \
                if rules.pod_of(thing) else []
            yield ([container["command"] for container in containers],
                   [name for name in thing.get("data", {})
                    if name != "FOOTNOTE_TARGET"] +
                   [variable["name"] for container in containers
                    for variable in container.get("env", [])])
    compose = yaml.safe_load((generate.HERE.parent / "compose.yaml").read_text())
    for service in compose["services"].values():
        commands = [service.get("command"), service.get("healthcheck", {}).get("test")]
        yield ([[word for word in command if word != "CMD"]
                for command in commands if command], service.get("environment", {}))


def check_programs(tools, programs):
    """The programs have every command, flag and variable that pods give them."""
    if not (programs / "footnote-server").exists():
        raise Skipped("there is no build/release")

    @functools.cache
    def help_of(*command):
        done = subprocess.run([programs / command[0], *command[1:], "--help"],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout
    for commands, variables in commands_and_variables(tools):
        for program, *rest in commands:
            text = help_of(program, *rest[:1])
            for flag in (word for word in rest if word.startswith("--")):
                assert re.search(rf"{flag}\b", text), f"{program} {rest[0]} {flag}"
        for name in variables:
            assert f"(Env:{name})" in help_of("footnote-server") or \
                not name.startswith("FOOTNOTE_"), f"footnote-server: {name}"


def check_custom_kind(kind):
    raise Skipped(f"Kubernetes carries no schema of {kind}")


def cases(tools, programs):
    """Yields (name, function, arguments) of every case."""
    for way in WAYS:
        yield f"lint {way}", check_lint, (tools, way)
        for version in VERSIONS:
            yield f"render {way} {version}", check_rendered, (tools, way, version)
        yield f"rules {way}", lambda way=way: check_rules(tools.render(way)), ()
    for name in ("base", "follow"):
        for version in VERSIONS[1:]:
            yield (f"kustomize {name} {version}", lambda name=name, version=version:
                   check_schemas(tools.kustomize(name), version), ())
        yield (f"rules kustomize {name}", lambda name=name:
               check_rules(tools.kustomize(name)), ())
    for settings, message in WRONG_VALUES:
        yield f"refuses {' '.join(settings)}", check_refused, (tools, settings, message)
    for kind in sorted(CUSTOM_KINDS):
        yield f"schema of {kind}", check_custom_kind, (kind,)
    yield "every value is used", check_every_value_is_used, (tools,)
    yield "a changed configuration replaces pods", check_checksum, (tools,)
    yield "pods have time to drain", check_drain, (tools,)
    yield "programs take what pods give them", check_programs, (tools, programs)
    yield ("generated files are fresh", lambda: expect_nothing(
        [str(path) for path, text in generate.generated(tools.helm_path).items()
         if not path.exists() or path.read_text() != text]), ())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("helm", "kustomize", "bin", "results"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    suite = ElementTree.Element("testsuite")
    tools = Tools(options.helm, options.kustomize)
    for name, function, arguments in cases(tools, pathlib.Path(options.bin).resolve()):
        case = ElementTree.SubElement(suite, "testcase", name=name, status="run")
        try:
            function(*arguments)
        except Skipped as reason:
            case.set("status", "notrun")
            ElementTree.SubElement(case, "skipped", message="SKIP_RETURN_CODE=77")
            ElementTree.SubElement(case, "system-out").text = str(reason)
        except Exception:  # pylint: disable=broad-except
            case.set("status", "fail")
            ElementTree.SubElement(case, "failure", message="")
            print(f"-- {name}\n{traceback.format_exc()}")
    path = pathlib.Path(options.results)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(path)


if __name__ == "__main__":
    main()
