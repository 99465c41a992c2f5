"""A package's targets: what each declares in Package.swift, and what its sources import."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TORCH = "CTorch"
C_SUFFIXES = (".c", ".cpp", ".cc", ".h", ".hpp")

# Text and comments are taken out first, since they may hold lines that look like imports.
_NOT_CODE = re.compile(r'(?P<hashes>#*)"""(?s:.*?)"""(?P=hashes)|"(?:\\.|[^"\\\n])*"|/\*(?s:.*?)\*/|//[^\n]*')
_IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)",
    re.MULTILINE,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|import)[ \t]+["<]([^">]+)[">]', re.MULTILINE)


@dataclass
class Target:
    """One target; names are those of Package.swift."""

    name: str
    kind: str  # regular, executable, test, system, macro, plugin
    folder: Path
    is_for_tests: bool  # a test, or what supports tests
    dependencies: list[str]
    products: list[str]  # of other packages
    imports: dict[str, Path] = field(default_factory=dict)  # module -> the first file that imports it

    @property
    def module(self) -> str:
        """What sources call it."""
        return re.sub(r"\W", "_", self.name)


@dataclass
class Package:
    name: str
    targets: dict[str, Target]
    products: dict[str, list[str]]  # name -> targets

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> "Package":
        """`manifest` is the JSON of `swift package dump-package`; sources lie below `folder`."""
        targets = {}
        for entry in manifest["targets"]:
            home = "Tests" if entry["type"] == "test" else "Sources"
            path = entry.get("path") or f"{home}/{entry['name']}"
            target = Target(
                name=entry["name"],
                kind=entry["type"],
                folder=folder / path,
                is_for_tests=path.startswith("Tests/"),
                dependencies=[],
                products=[],
            )
            for dependency in entry["dependencies"]:
                ((how, value),) = dependency.items()
                (target.products if how == "product" else target.dependencies).append(value[0])
            targets[target.name] = target
        # A name without a kind is a target of this package, else a product of another one.
        for target in targets.values():
            target.products += [name for name in target.dependencies if name not in targets]
            target.dependencies = [name for name in target.dependencies if name in targets]
        products = {entry["name"]: entry["targets"] for entry in manifest["products"]}
        package = cls(manifest["name"], targets, products)
        headers = {h: t.name for t in targets.values() for h in _headers(t)}
        for target in targets.values():
            for name, file in _imports(target, headers):
                target.imports.setdefault(name, file)
        return package

    def reached(self, name: str) -> set[str]:
        """All targets that a target depends on, itself included."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            target = waiting.pop()
            if target not in found:
                found.add(target)
                waiting += self.targets[target].dependencies
        return found

    def needs_torch(self, name: str) -> bool:
        return TORCH in self.reached(name)


def _files(target: Target, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(path for path in target.folder.rglob("*") if path.suffix in suffixes)


def _headers(target: Target) -> list[str]:
    """The headers that a C target offers to others, as they are included."""
    folder = target.folder / "include"
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.h"))]


def _imports(target: Target, headers: dict[str, str]) -> Iterator[tuple[str, Path]]:
    for path in _files(target, (".swift",)):
        for name in swift_imports(path.read_text(encoding="utf-8")):
            yield name, path
    own = set(_headers(target))
    for path in _files(target, C_SUFFIXES):
        for header in _INCLUDE.findall(path.read_text(encoding="utf-8", errors="replace")):
            if header in headers and header not in own:
                yield headers[header], path


def swift_imports(text: str) -> list[str]:
    """The modules that Swift source imports, each once, in order."""
    code = _NOT_CODE.sub(lambda match: "\n" * match[0].count("\n"), text)
    return list(dict.fromkeys(_IMPORT.findall(code)))
