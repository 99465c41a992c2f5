"""Rate maps as NumPy arrays: a pipe from `ganinsar generate -o -`."""

import ast
import os
import subprocess
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import IO

import numpy as np
import numpy.typing as npt

from ganinsar._program import environment, error, program

Map = npt.NDArray[np.float32]
Range = tuple[float, float]

#: As many maps as a stream without `count` has.
ENDLESS = 1_000_000_000


class MapStream(Iterator[Map]):
    """Rate maps one by one, in cm/yr, [rows, columns], as the program draws them.

    Memory does not grow with the number of maps: the program waits while nobody reads. `len` is the number of maps that
    are left. Close it, or use it in a `with` statement, to end the program early.
    """

    def __init__(self, arguments: list[str], threads: int | None = None) -> None:
        variables = environment()
        if threads is not None:
            variables["OMP_NUM_THREADS"] = str(threads)
        self._messages = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the stream); a pipe would fill up
        self._process = subprocess.Popen(
            [str(program()), *arguments],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._messages,
        )
        self._left = 1
        try:
            self.count, self.rows, self.columns = self._header()
        except BaseException:
            self.close()
            raise
        self._left = self.count

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of the array that all maps make: [count, rows, columns]."""
        return self.count, self.rows, self.columns

    def __iter__(self) -> "MapStream":
        return self

    def __len__(self) -> int:
        return self._left

    def __next__(self) -> Map:
        if self._left == 0:
            self.close()
            raise StopIteration
        values = np.empty((self.rows, self.columns), np.float32)
        self.read_into(values)
        return values

    def read_into(self, values: Map) -> None:
        """Reads the next map, or with an array [n, rows, columns] the next n, into `values`."""
        target = values.data.cast("B")
        filled = 0
        while filled < len(target):
            part = self._output.readinto(target[filled:])  # type: ignore[attr-defined]  # a pipe reads into buffers
            if not part:
                raise self._failure()
            filled += part
        self._left -= values.size // (self.rows * self.columns)

    def close(self) -> None:
        """Ends the program. The maps read so far stay as they are."""
        if self._left > 0 and self._process.poll() is None:
            self._process.kill()  # it writes no files, so there is nothing to save
        self._process.wait()
        self._output.close()
        self._messages.close()
        self._left = 0

    def __enter__(self) -> "MapStream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_process"):
            self.close()

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _header(self) -> tuple[int, int, int]:
        start = self._output.read(10)
        if len(start) < 10:
            raise self._failure()
        if start[:6] != b"\x93NUMPY":
            raise ValueError("the program did not send an .npy array: is it older than this package?")
        text = self._output.read(int.from_bytes(start[8:10], "little")).decode("latin1")
        count, rows, columns = ast.literal_eval(text)["shape"]
        return count, rows, columns

    def _failure(self) -> Exception:
        code = self._process.wait()
        self._messages.seek(0)
        messages = self._messages.read().decode(errors="replace")
        self.close()
        return error(code, messages)


def stream(
    model: str | os.PathLike[str] | None = None,
    count: int | None = None,
    seed: int = 0,
    size: int | tuple[int, int] | None = None,
    *,
    first: int = 0,
    spread: Range | None = None,
    mean: Range | None = None,
    quiet_fraction: Range | None = None,
    style: str | None = None,
    max_rate: float | None = None,
    truncation: float | None = None,
    batch_size: int = 16,
    device: str | None = None,
    threads: int | None = None,
) -> MapStream:
    """Draws rate maps one by one, without end if there is no `count`.

        for rate in ganinsar.stream(seed=1, size=128):
            ...

    Map i depends only on the model, the seed and `first` + i. Takes what `generate` takes, and `threads`: the number
    of threads of the program, by default that of the cores.

    Raises `ProgramError` for what the program refuses, such as a size that the model cannot draw.
    """
    arguments = ["generate", "-o", "-", "--quiet", "--batch-size", str(batch_size), "--seed", str(seed)]
    arguments += ["--first", str(first), "--count", str(ENDLESS - first if count is None else count)]
    if model is not None:
        arguments.insert(1, os.fspath(model))
    if size is not None:
        width, height = (size, size) if isinstance(size, int) else size
        arguments += ["--size", f"{width}x{height}"]
    for option, limits in (("--spread", spread), ("--mean", mean), ("--quiet-fraction", quiet_fraction)):
        if limits is not None:
            arguments += [option, f"{limits[0]}..{limits[1]}"]
    for option, value in (
        ("--style", style),
        ("--max-rate", max_rate),
        ("--truncation", truncation),
        ("--device", device),
    ):
        if value is not None:
            arguments += [option, str(value)]
    return MapStream(arguments, threads)


def generate(
    model: str | os.PathLike[str] | None = None,
    count: int = 16,
    seed: int = 0,
    size: int | tuple[int, int] | None = None,
    *,
    first: int = 0,
    spread: Range | None = None,
    mean: Range | None = None,
    quiet_fraction: Range | None = None,
    style: str | None = None,
    max_rate: float | None = None,
    truncation: float | None = None,
    batch_size: int = 16,
    device: str | None = None,
) -> Map:
    """Draws rate maps: an array [count, rows, columns] of float32, cm/yr, positive toward the satellite.

        maps = ganinsar.generate(count=100, seed=1, size=128)

    - `model`: a model.safetensors or the run folder that holds one; without it, the model that ships.
    - `size`: pixels, a number or (width, height), if the model can draw any size.
    - `first`: the index of the first map; map i depends only on the model, the seed and i.
    - `spread`, `mean`: ranges of the standard deviation and of the mean of a map's rates, cm/yr.
    - `quiet_fraction`: the range of the fraction of pixels with a rate of at most 3 cm/yr.
    - `style`: training scenes that maps shall look like, "coso_d071:2,bhutan_landslide" with weights.
    - `max_rate`: maps with a rate beyond this, of either sign, are drawn again.
    - `truncation`: above 0 and at most 1; less gives more typical maps.
    - `device`: "cpu", "cuda" or "cuda:1"; without it, a GPU if there is one.

    Raises `ProgramError` for what the program refuses.
    """
    with stream(
        model, count, seed, size, first=first, spread=spread, mean=mean, quiet_fraction=quiet_fraction, style=style,
        max_rate=max_rate, truncation=truncation, batch_size=batch_size, device=device,
    ) as maps:  # fmt: skip
        array = np.empty(maps.shape, np.float32)
        for values in array:
            maps.read_into(values)
        return array
