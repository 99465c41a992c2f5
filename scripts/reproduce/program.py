"""Starting `ganinsar`, and passing on a request to stop."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from reproduce.settings import Refused


class Stopped(Exception):
    """Ctrl-C or SIGTERM arrived; what was running has saved and ended."""


@dataclass(frozen=True)
class Ended:
    """How a program ended. `code` is negative for a signal, as `subprocess` has it."""

    pid: int
    code: int
    wall_seconds: float
    cpu_seconds: float


class Program:
    """The program `ganinsar`; at most a few of its processes run at a time.

    Its processes ignore Ctrl-C and get one SIGTERM instead when this process is told to stop: they save and end.
    A second signal would end a training before it has saved.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stopped = False
        self.running: dict[int, float] = {}  # pid -> when it was started
        # Small steps of many threads waste a few cores on waiting.
        self.environment = {**os.environ}
        if not self.environment.get("OMP_WAIT_POLICY"):
            self.environment["OMP_WAIT_POLICY"] = "passive"

    def catch_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.stopped:
            return
        self.stopped = True
        for pid in self.running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def start(
        self,
        arguments: list[str],
        output: IO[str] | int | None = None,
        errors: IO[str] | int | None = None,
        keep: tuple[int, ...] = (),
        path: Path | None = None,
    ) -> "subprocess.Popen[str]":
        """Starts the program, or the one at `path`; it inherits the descriptors `keep`.

        Raises `Stopped` after a signal.
        """
        if self.stopped:
            raise Stopped
        # A signal that came between the start and the note of it would not reach the process.
        signals = (signal.SIGINT, signal.SIGTERM)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        try:
            process = subprocess.Popen(
                [str(path or self.path), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                text=True,
                env=self.environment,
                pass_fds=keep,
                preexec_fn=_ignore_interrupts,
            )
            self.running[process.pid] = time.monotonic()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return process

    def run(self, *arguments: object, output: IO[str] | int | None = None, path: Path | None = None) -> str:
        """Runs to the end and returns what was printed, or "" where `output` takes it.

        Messages go where this process's go. Raises `Refused` where the program fails, `Stopped` after a signal.
        """
        given = [str(argument) for argument in arguments]
        process = self.start(given, subprocess.PIPE if output is None else output, path=path)
        text = process.stdout.read() if process.stdout else ""
        code = self.finish(process)
        if code != 0:
            raise Refused(f"'{(path or self.path).name} {' '.join(given[:2])}' failed with code {code}: see above.")
        return text

    def finish(self, process: "subprocess.Popen[str]") -> int:
        """Waits for a process and returns its code. Raises `Stopped` after a signal."""
        process.communicate()
        del self.running[process.pid]
        if self.stopped:
            raise Stopped
        return process.returncode

    def wait_for_any(self) -> Ended:
        """Waits until one of the processes from `start` ends."""
        pid, status, usage = os.wait4(-1, 0)
        wall = time.monotonic() - self.running.pop(pid)
        return Ended(pid, os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime)


def _ignore_interrupts() -> None:
    """In the new process, before the program: what was blocked for the start is let through again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))


def say(text: str) -> None:
    print(text, flush=True)


def step(title: str) -> None:
    say(f"\n== {title}")


def complain(text: str) -> None:
    print(f"reproduce: {text}", file=sys.stderr, flush=True)


def write_whole(path: Path, text: str) -> None:
    """Writes a file that appears whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
