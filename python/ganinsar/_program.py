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


#: The side in pixels up to which maps come from the small model.
_SMALL_SIDE = 64


def shipped_model(size: int | tuple[int, int] | None = None) -> Path:
    """The file of the model that `generate` uses for maps of a size if it is given none: a .safetensors file.

        ganinsar.shipped_model()          # for maps of 64 x 64 pixels, the default, and smaller ones
        ganinsar.shipped_model(256)       # for larger ones, with features of up to 256 pixels
        ganinsar.shipped_model((40, 80))  # width and height; the larger side counts

    `GANINSAR_MODEL`, where it is set, is the model for all sizes, as in the program. Raises `FileNotFoundError` where
    the models that ship are missing.
    """
    named = os.environ.get("GANINSAR_MODEL")
    if named:
        return Path(named)
    side = 0 if size is None else size if isinstance(size, int) else max(size)
    large = _shipped("models/large.safetensors") if side > _SMALL_SIDE else None
    found = large or _shipped("models/ganinsar.safetensors")
    if found is None:
        raise FileNotFoundError(f"there is no models/ganinsar.safetensors near {program()}: install the package again")
    return found


def _shipped(name: str) -> Path | None:
    """A file that ships, where the program looks for it."""
    above = program().resolve().parents[:4]
    folders = [*above, *(folder / "share/ganinsar" for folder in above[1:3])]
    return next((folder / name for folder in folders if (folder / name).exists()), None)


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
