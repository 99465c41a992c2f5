"""Running the blocks of a page."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from pages.reading import Block


@dataclass(frozen=True)
class Page:
    name: str
    blocks: list[Block]
    root: Path
    #: Where to leave what the blocks write.
    keep: Path | None = None


@dataclass(frozen=True)
class Outcome:
    line: int
    text: str
    passed: bool = False
    failed: bool = False


def run_page(page: Page) -> Iterator[Outcome]:
    """Runs the blocks, one after the other, in one folder; after a block that fails, the others still run."""
    with TemporaryDirectory(prefix="pages-") as temporary:
        place = Path(temporary)
        folder = place / "work" if page.keep is None else page.keep.resolve() / page.name
        folder.mkdir(parents=True, exist_ok=True)
        variables = _variables(place)
        (folder / "python").unlink(missing_ok=True)
        (folder / "python").symlink_to(page.root / "python")  # the examples, as a checkout has them
        interpreter = Interpreter(folder, variables)  # a block of Python goes on where the last one ended
        for block in page.blocks:
            missing = [name for name in block.needs if find_spec(name) is None]
            if block.skip or missing:
                yield Outcome(block.line, f"skipped: {block.skip or 'needs ' + ', '.join(missing)}")
                continue
            text, shown = block.text, block.output
            for before, after in block.changes:
                text = text.replace(before, after)
                shown = shown and shown.replace(before, after)
            if block.file:
                (folder / block.file).write_text(text, encoding="utf-8")
                yield Outcome(block.line, f"written to {block.file}", passed=True)
                continue
            if block.language == "sh":
                code, output = _run(["bash", "-euo", "pipefail", "-c", text], folder, variables)
            else:
                code, output = interpreter.run(text)
            if code != 0:
                yield Outcome(block.line, f"FAILED with code {code}:\n{_tail(output)}", failed=True)
            elif shown is not None and not agrees(output, shown, numbers=not block.changes):
                yield Outcome(block.line, f"PRINTED\n{output}INSTEAD OF\n{shown}", failed=True)
            else:
                yield Outcome(block.line, "ran" if shown is None else "ran, and printed that", passed=True)
        interpreter.close()


def _variables(place: Path) -> dict[str, str]:
    """The user's variables, with `ganinsar` and `python` as commands of this Python, and an empty home."""
    tools = place / "tools"
    tools.mkdir()
    for name, words in (("ganinsar", "-m ganinsar"), ("python", "")):
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', encoding="utf-8")
        (tools / name).chmod(0o755)
    path = f"{tools}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if name != "GANINSAR_MODEL"}
    return {**kept, "PATH": path, "HOME": str(place), "PYTHONWARNINGS": "ignore"}


def _run(command: list[str], folder: Path, variables: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr


def _tail(text: str) -> str:
    return "\n".join(text.strip().split("\n")[-12:])


SESSION = """
import json, sys, traceback
names = {"__name__": "__main__"}
for line in sys.stdin:
    code = 0
    try:
        exec(compile(json.loads(line), "page", "exec"), names)
    except BaseException:
        traceback.print_exc(file=sys.stdout)
        code = 1
    print(f"\\n<<block {code}>>", flush=True)
"""


class Interpreter:
    """One Python for all blocks of a page, started with the first."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self._folder, self._variables = folder, variables
        self._process: subprocess.Popen[str] | None = None

    def run(self, text: str) -> tuple[int, str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", SESSION],
                cwd=self._folder,
                env=self._variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        lines: list[str] = []
        for line in self._process.stdout:
            end = re.fullmatch(r"<<block (\d)>>\n", line)
            if end:
                return int(end[1]), "".join(lines)
            lines.append(line)
        return 1, "".join(lines) + "the interpreter has ended\n"

    def close(self) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()


NUMBER = r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?"


def agrees(printed: str, shown: str, numbers: bool = True) -> bool:
    """Whether a text is what a page shows, where `...` stands for any text. Without `numbers`, those may differ."""
    printed, shown = " ".join(printed.split()), " ".join(shown.split())
    if not numbers:
        printed, shown = re.sub(NUMBER, "0", printed), re.sub(NUMBER, "0", shown)
    pattern = " ?.* ?".join(re.escape(part.strip()) for part in shown.split("..."))
    return re.fullmatch(pattern, printed) is not None
