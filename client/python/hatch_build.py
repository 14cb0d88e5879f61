"""Generates the messages of the API from proto/ when the package is built."""

import ast
import pathlib
import re
import shutil
import tempfile
from importlib import resources
from typing import Any

from grpc_tools import protoc
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The public google.rpc of other packages has the same names, and protobuf takes
# each name once: ours has a package of its own here, with the same wire format.
_PUBLIC_PACKAGE = ("google/rpc", "google.rpc")
_OWN_PACKAGE = ("footnote/rpc", "footnote.rpc")


class MessagesHook(BuildHookInterface[Any]):
    """Writes src/footnote/v1 and src/footnote/rpc."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generates, from the repository's protos or those of an sdist."""
        root = pathlib.Path(self.root)
        places = (root / "proto", root.parent.parent / "proto")
        protos = next((place for place in places if place.is_dir()), None)
        if protos is None:
            raise FileNotFoundError(f"no proto/ in {root} or two folders above")
        generate(protos, root / "src")


def generate(protos: pathlib.Path, target: pathlib.Path) -> None:
    """Writes the messages of `protos` as packages below `target`."""
    with tempfile.TemporaryDirectory() as scratch:
        own = pathlib.Path(scratch)
        for source in sorted(protos.rglob("*.proto")):
            copy = own / _renamed(source.relative_to(protos).as_posix())
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(_renamed(source.read_text("utf-8")), "utf-8")
        for folder in sorted((own / "footnote").iterdir()):
            package = target / "footnote" / folder.name
            shutil.rmtree(package, ignore_errors=True)
            _run_protoc(own, target, sorted(folder.glob("*.proto")))
            _write_init(package)


def _renamed(text: str) -> str:
    for public, own in zip(_PUBLIC_PACKAGE, _OWN_PACKAGE, strict=True):
        text = text.replace(public, own)
    return text


def _run_protoc(
    root: pathlib.Path, target: pathlib.Path, sources: list[pathlib.Path]
) -> None:
    well_known = resources.files("grpc_tools") / "_proto"
    arguments = ["protoc", f"-I{root}", f"-I{well_known}"]
    arguments += [f"--python_out={target}", f"--pyi_out={target}"]
    status = protoc.main(arguments + [str(source) for source in sources])
    if status != 0:
        raise RuntimeError(f"protoc ended with {status}")


def _write_init(package: pathlib.Path) -> None:
    """Makes the messages and enums importable from the package itself."""
    lines, names = [], []
    for stub in sorted(package.glob("*_pb2.pyi")):
        found = [
            node.name
            for node in ast.parse(stub.read_text("utf-8")).body
            if isinstance(node, ast.ClassDef)
        ]
        module = f"footnote.{package.name}.{stub.stem}"
        lines += [f"from {module} import {name} as {name}" for name in found]
        names += found
    listed = "".join(f'    "{name}",\n' for name in sorted(names))
    title = re.sub(r"\W", "", package.name)
    (package / "__init__.py").write_text(
        f'"""The messages of footnote.{title}."""\n\n'
        + "\n".join(lines)
        + f"\n\n__all__ = [\n{listed}]\n",
        "utf-8",
    )
