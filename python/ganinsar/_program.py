"""Finding and starting the program `ganinsar`."""

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as distribution_version
from importlib.util import find_spec
from pathlib import Path


class ProgramError(RuntimeError):
    """The program ended with an error; the text is what it said."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        #: The exit code: 1 failed, 2 wrong configuration, 64 wrong arguments, 130 interrupted.
        self.code = code


def program() -> Path:
    """The program: `$GANINSAR_PROGRAM` if set, else the one in this package.

    Raises `FileNotFoundError` where there is none.
    """
    named = os.environ.get("GANINSAR_PROGRAM")
    path = Path(named) if named else Path(__file__).parent / "_program" / "lib" / "ganinsar"
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist: install the wheel ('pip install ganinsar-*.whl'), or set GANINSAR_PROGRAM to a "
            "program that 'make build' built"
        )
    return path


def shipped_model() -> Path:
    """The file of the model that ships, which `generate` uses by default: a generator in .safetensors format."""
    name = "models/ganinsar.safetensors"
    for folder in program().resolve().parents[:4]:  # as the program looks for it
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"there is no {name} near {program()}: install the package again")


def environment() -> dict[str, str]:
    """The variables for the program: LibTorch is that of this Python, unless `$LIBTORCH` names another."""
    variables = dict(os.environ)
    variables["PYTHON"] = sys.executable
    if not variables.get("LIBTORCH") and not variables.get("GANINSAR_PROGRAM"):
        spec = find_spec("torch")  # does not import it, which would take seconds
        if spec is not None and spec.origin is not None:
            variables["LIBTORCH"] = str(Path(spec.origin).parent)
    return variables


def run(*arguments: str | os.PathLike[str]) -> str:
    """Runs a command of the program, and returns what it printed.

        ganinsar.run("dataset", "maps", "-o", "training", "--recipe", "unwrapping", "--quiet")

    Raises `ProgramError` with the message of the program if it fails.
    """
    words = [os.fspath(word) for word in arguments]
    done = subprocess.run(
        [str(program()), *words],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise error(done.returncode, done.stderr)
    return done.stdout


def error(code: int, messages: str) -> ProgramError:
    """The error for a program that ended with this code and these messages."""
    lines = messages.strip().splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("Error: ")), 0)
    text = "\n".join(lines[start:]).removeprefix("Error: ")
    return ProgramError(text or f"ganinsar ended with code {code} and no message", code)


def version() -> str:
    """The version of this package."""
    try:
        return distribution_version("ganinsar")
    except PackageNotFoundError:  # used from a checkout
        return run("--version").splitlines()[0]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `ganinsar`: this process becomes the program."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        path = program()
    except FileNotFoundError as missing:
        sys.exit(f"ganinsar: {missing}")
    os.execve(path, [str(path), *words], environment())
