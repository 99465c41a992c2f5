"""What must hold of a package's graph; every fault is a sentence that says what to change."""

import re
from collections.abc import Iterator

from graph.package import TORCH, Package, Target

PAGE = "docs/architecture.md"


def all_faults(package: Package, page: str) -> list[str]:
    """`page` is the Markdown text that holds the table of layers."""
    circles = list(_circles(package))
    return [*circles, *_layers(package, page), *_declarations(package)]


def layers(page: str) -> dict[str, list[bool]]:
    """The targets of the table whose first column is headed `target`, from the top down.

    The values say for each row of a target whether it is marked **T**.
    """
    rows: dict[str, list[bool]] = {}
    inside = False
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.lstrip().startswith("|"):
            inside = False
        elif cells[0].lower() in ("target", "targets"):
            inside = True
        elif inside:
            for name in re.findall(r"`([\w-]+)`", cells[0]):
                rows.setdefault(name, []).append("**T**" in cells[0])
    return rows


def _circles(package: Package) -> Iterator[str]:
    """Each circle once, as its path."""
    state: dict[str, int] = {}  # 1: on the path, 2: done
    path: list[str] = []

    def visit(name: str) -> Iterator[str]:
        state[name] = 1
        path.append(name)
        for other in package.targets[name].dependencies:
            if state.get(other) == 1:
                circle = " -> ".join([*path[path.index(other) :], other])
                yield f"there is a circle: {circle}. Move what both need into a lower target."
            elif other not in state:
                yield from visit(other)
        path.pop()
        state[name] = 2

    for name in package.targets:
        if name not in state:
            yield from visit(name)


def _layers(package: Package, page: str) -> Iterator[str]:
    rows = layers(page)
    if not rows:
        yield f"{PAGE} has no table whose first column is headed 'target'."
        return
    for name, marks in rows.items():
        if len(marks) > 1:
            yield f"{name} has two rows in the table of {PAGE}: delete one."
        if name not in package.targets:
            yield f"{name} is in the table of {PAGE}, but not in Package.swift: delete its row."
        elif package.needs_torch(name) and not any(marks):
            yield f"{name} needs LibTorch, but its row in {PAGE} is not marked **T**: {_way_to_torch(package, name)}."
        elif any(marks) and not package.needs_torch(name):
            yield f"{name} does not need LibTorch, but its row in {PAGE} is marked **T**: remove the mark."
    place = {name: row for row, name in enumerate(rows)}
    for target in package.targets.values():
        if not _has_row(target):
            continue
        if target.name not in place:
            yield f"{target.name} is not in the table of {PAGE}: add a row above all that it imports."
            continue
        for other in target.dependencies:
            if other in place and place[other] <= place[target.name] and other != target.name:
                yield (
                    f"{target.name} imports {other}, which is above it in the table of {PAGE}: imports go down "
                    "only. Move the shared code down, or hand it over as a closure or a protocol."
                )


def _way_to_torch(package: Package, name: str) -> str:
    """A shortest chain of imports from a target to the shim over LibTorch."""
    ways, seen = [[name]], {name}
    for way in ways:
        if way[-1] == TORCH:
            return " -> ".join(way)
        below = [other for other in package.targets[way[-1]].dependencies if other not in seen]
        seen.update(below)
        ways += [[*way, other] for other in below]
    return ""


def _has_row(target: Target) -> bool:
    """Layers are of what ships: no tests, nor what supports them, nor wrappers of system libraries."""
    return target.kind not in ("test", "system", "plugin") and not target.is_for_tests


def _declarations(package: Package) -> Iterator[str]:
    modules = {target.module: target.name for target in package.targets.values()}
    products = {name for target in package.targets.values() for name in target.products}
    for target in package.targets.values():
        imported = {modules.get(name, name): file for name, file in target.imports.items()}
        declared = {*target.dependencies, *target.products}
        for name, file in imported.items():
            if name in declared or name == target.name or name not in products | set(package.targets):
                continue
            yield (
                f"{target.name} imports {name} in {file.name}, but does not declare it: "
                "add it to the target's dependencies in Package.swift, or remove the import."
            )
        if target.kind in ("system", "plugin"):
            continue
        for name in sorted(declared - set(imported)):
            other = package.targets.get(name)
            # Tests run executables, and all of them may use what supports tests.
            if other and (other.kind in ("executable", "plugin", "macro") or other.is_for_tests):
                continue
            yield (
                f"{target.name} declares {name}, but none of its sources imports it: "
                "remove it from the target's dependencies in Package.swift."
            )
