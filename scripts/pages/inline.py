"""Names in the sentences and tables of a page: whether what they name exists."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: What begins with one of these is not checked.
FOREIGN_PROGRAMS = ("apt-get", "cmake", "conda", "dnf", "docker", "git", "gdal", "make", "pip", "python", "swift")

#: Endings of files that are not keys of settings.
FILES = (".json", ".npy", ".safetensors", ".yaml")


@dataclass
class Names:
    """What the program, its settings and the package are made of."""

    #: The options of each subcommand, with their dashes, from its help.
    options: dict[str, set[str]]
    #: Keys of settings files.
    keys: set[str]
    targets: set[str]
    #: Parameters of the functions and classes of the Python package; an empty set for names without any.
    python: dict[str, set[str]]
    root: Path

    @staticmethod
    def of(root: Path) -> "Names":
        options = {}
        for file in sorted((root / "Tests/CommandTests/Golden").glob("ganinsar-*.txt")):
            text = file.read_text(encoding="utf-8")
            command = file.stem.removeprefix("ganinsar-").replace("-", " ")
            options[command] = set(re.findall(r"(?<![\w-])--?\w[\w-]*", text))
        # `network train` is asked for as `ganinsar network`, too.
        for name in list(options):
            options.setdefault(name.split(" ")[0], set()).update(options[name])
        settings = (root / "docs/settings.md").read_text(encoding="utf-8")
        makefile = (root / "Makefile").read_text(encoding="utf-8")
        return Names(
            options,
            set(re.findall(r"^\| \**`([\w.]+)`", settings, re.MULTILINE)),
            set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)),
            _package(root / "python/ganinsar"),
            root,
        )


def _package(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in sorted(folder.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                starts = [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__"]
                found[node.name] = set().union(*map(_parameters, starts))
            elif isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, set()).update(_parameters(node))
    return found


def _parameters(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    names = {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)} - {"self"}
    return names | ({"**"} if arguments.kwarg else set())


def faults(text: str, names: Names, folder: Path) -> Iterator[str]:
    """Line and text of each name in backquotes, outside of blocks, that names nothing, and of each broken link."""
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip().startswith("```"):
            fenced = not fenced
        if fenced or line.strip().startswith("```"):
            continue
        for span in re.findall(r"`([^`]+)`", line):
            fault = _fault(span, names)
            if fault:
                yield f"{number}: `{span}`: {fault}"
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
            if "://" not in target and not (folder / target).exists():
                yield f"{number}: there is no {target}"


def _fault(span: str, names: Names) -> str | None:
    words = span.split()
    if words[0] == "make" and len(words) > 1:
        missing = [word for word in words[1:] if "=" not in word and word not in names.targets]
        return f"make has no {missing[0]}" if missing else None
    if words[0].startswith(("scripts/", "configs/", "models/", "python/", "docs/", "Benchmarks/", "Sources/")):
        return None if (names.root / words[0]).exists() else "there is no such file"
    if words[0] in FOREIGN_PROGRAMS:
        return None
    return _command_fault(words, names) or _key_fault(span, names) or _python_fault(span, names)


def _command_fault(words: list[str], names: Names) -> str | None:
    if words[0] == "ganinsar" and len(words) > 1 and not words[1].startswith("-"):
        words = words[1:]
        if words[0] not in names.options:
            return f"there is no subcommand {words[0]}"
    command = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in names.options), None)
    given = [re.split("[=.]", word)[0] for word in words if re.match(r"--?[a-z]", word)]
    known = names.options.get(command or "", set()) if command else set().union(*names.options.values())
    known = known | {"--help", "--version"}
    missing = [option for option in given if option not in known]
    if missing and (command or words[0].startswith("-")):
        return f"{command or 'no subcommand'} has{' no' if command else ''} {missing[0]}"
    return None


def _key_fault(span: str, names: Names) -> str | None:
    keys = re.findall(r"--set (\w[\w.]*\.[\w.]+)=", span)
    groups = {key.split(".")[0] for key in names.keys}
    is_key = re.fullmatch(r"[a-z]\w*(\.[a-z]\w*)+", span) and not span.endswith(FILES)
    if is_key and span.split(".")[0] in groups:
        keys.append(span)
    missing = [key for key in keys if key not in names.keys]
    return f"there is no setting {missing[0]}" if missing else None


def _python_fault(span: str, names: Names) -> str | None:
    found = re.search(r"ganinsar\.(\w+)", span)
    if not found or span.startswith(("ganinsar-", "containers/")):
        return None
    if found[1] not in names.python and not span.endswith(FILES):
        return f"the package has no {found[1]}"
    if "(" not in span:
        return None
    try:
        tree = ast.parse(span if not span.endswith(":") else f"{span} ...")
    except SyntaxError:
        return None  # not Python
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in names.python:
            known = names.python[call.func.attr]
            missing = [word.arg for word in call.keywords if word.arg not in known and "**" not in known]
            if missing:
                return f"{call.func.attr} has no argument {missing[0]}"
    return None
