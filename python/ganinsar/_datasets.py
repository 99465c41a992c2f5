"""Training sets of `ganinsar dataset` and `ganinsar compose --samples` for PyTorch."""

import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Literal, overload

import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import Dataset, IterableDataset, get_worker_info

Sample = dict[str, Any]
Arrays = dict[str, npt.NDArray[Any]]

SPLITS = ("train", "validation", "test")


class _Layout:
    """`dataset.json`, and how to read a sample of each format. Workers of a loader get copies."""

    def __init__(self, folder: Path, arrays: Sequence[str] | None) -> None:
        with open(folder / "dataset.json", encoding="utf-8") as file:
            description = json.load(file)
        self.folder = folder
        self.format: str = description["format"]
        self.count: int = description["sampleCount"]
        self.per_shard: int = description["samplesPerShard"]
        self.entries: list[dict[str, Any]] = description["arrays"]
        names = [entry["name"] for entry in self.entries]
        self.names = names if arrays is None else list(arrays)
        missing = [name for name in self.names if name not in names]
        if missing:
            raise KeyError(f"{folder} has no array '{missing[0]}': it has {', '.join(names)}")
        if self.format == "hdf5":
            raise ValueError(
                f"{folder} is in HDF5: read it with h5py, or write it with --format zarr, npy or webdataset"
            )
        self._open: dict[int, Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_open": {}}  # a file must not be shared with another process

    @property
    def shards(self) -> int:
        return -(-self.count // self.per_shard)

    def indices(self, shard: int) -> range:
        return range(shard * self.per_shard, min((shard + 1) * self.per_shard, self.count))

    def arrays(self, index: int) -> Arrays:
        shard = index // self.per_shard
        if self.format == "webdataset":
            return self._from_tar(shard, index)
        if self.format == "zarr":
            entries = {entry["name"]: entry for entry in self.entries}
            return {name: self._chunk(entries[name], index) for name in self.names}
        if shard not in self._open:
            folder = self.folder / f"shard-{shard:06d}"
            self._open[shard] = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in self.names}
        place = index - shard * self.per_shard
        return {name: np.array(array[place]) for name, array in self._open[shard].items()}

    def situation(self, index: int) -> str:
        """What was drawn for a sample, as JSON text."""
        shard = index // self.per_shard
        if self.format == "webdataset":
            return self._members(shard).read(f"{index:08d}.json").decode()
        place = index - shard * self.per_shard
        if self.format == "zarr":
            return _texts((self.folder / "metadata" / str(shard)).read_bytes())[place]
        texts = (self.folder / f"shard-{shard:06d}" / "samples.json").read_text(encoding="utf-8")
        return json.dumps(json.loads(texts)[place])

    def _chunk(self, entry: dict[str, Any], index: int) -> npt.NDArray[Any]:
        """A sample of the store: one uncompressed chunk, so that neither zarr nor another package is needed."""
        shape = entry["shape"]
        name = ".".join([str(index), *("0" for _ in shape)])
        dtype = np.dtype("<f2" if entry.get("type") == "float16" else "<f4")
        return np.fromfile(self.folder / entry["name"] / name, dtype).reshape(shape)

    def _from_tar(self, shard: int, index: int) -> Arrays:
        members = self._members(shard)
        return {name: np.load(BytesIO(members.read(f"{index:08d}.{name}.npy"))) for name in self.names}

    def _members(self, shard: int) -> "_Tar":
        if shard not in self._open:
            self._open[shard] = _Tar(self.folder / f"shard-{shard:06d}.tar")
        members: _Tar = self._open[shard]
        return members


class _Tar:
    """Where each member of a tar file lies, so that any can be read."""

    def __init__(self, path: Path) -> None:
        with tarfile.open(path) as tar:
            self.places = {member.name: (member.offset_data, member.size) for member in tar}
        self.file: IO[bytes] = open(path, "rb")  # noqa: SIM115 (stays open)

    def __del__(self) -> None:
        if hasattr(self, "file"):
            self.file.close()

    def read(self, name: str) -> bytes:
        offset, size = self.places[name]
        return os.pread(self.file.fileno(), size, offset)


def _texts(data: bytes) -> list[str]:
    """The texts of a chunk of Zarr's `vlen-utf8`: their number, then length and bytes of each."""
    texts, at = [], 4
    for _ in range(int.from_bytes(data[:4], "little")):
        length = int.from_bytes(data[at : at + 4], "little")
        texts.append(data[at + 4 : at + 4 + length].decode())
        at += 4 + length
    return texts


def _tensors(layout: _Layout, index: int, situation: bool) -> Sample:
    sample: Sample = {name: torch.from_numpy(array) for name, array in layout.arrays(index).items()}
    sample["index"] = index
    if situation:
        sample["situation"] = layout.situation(index)
    return sample


class SampleDataset(Dataset[Sample]):
    """Samples by index: dictionaries with a tensor for each array, and `index`.

    `arrays` describes the arrays: name, unit, meaning and shape.
    """

    def __init__(self, layout: _Layout, situation: bool = False) -> None:
        self._layout, self._situation = layout, situation

    @property
    def arrays(self) -> list[dict[str, Any]]:
        return [entry for entry in self._layout.entries if entry["name"] in self._layout.names]

    def __len__(self) -> int:
        return self._layout.count

    def __getitem__(self, index: int) -> Sample:
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(f"there is no sample {index}: there are {len(self)}")
        return _tensors(self._layout, index, self._situation)


class SampleStream(IterableDataset[Sample]):
    """The same samples, one file after the other: for disks and networks where jumping is slow.

    The workers of a loader, and the processes of `torch.distributed`, divide the files among them. Samples come in the
    order of the files; a `shuffle` buffer of so many samples mixes them, differently in each epoch.
    """

    def __init__(self, layout: _Layout, situation: bool = False, shuffle: int = 0, seed: int = 0) -> None:
        super().__init__()
        self._layout, self._situation = layout, situation
        self._shuffle, self._seed, self._epoch = shuffle, seed, 0

    def __iter__(self) -> Iterator[Sample]:
        random = np.random.default_rng([self._seed, self._epoch])  # the same in all workers
        self._epoch += 1
        shards = np.arange(self._layout.shards)
        if self._shuffle:
            random.shuffle(shards)
        number, workers = _place()
        held: list[Sample] = []
        for shard in shards[number::workers]:
            for index in self._layout.indices(int(shard)):
                sample = _tensors(self._layout, index, self._situation)
                if len(held) < self._shuffle:
                    held.append(sample)
                    continue
                if held:
                    at = int(random.integers(len(held)))
                    held[at], sample = sample, held[at]
                yield sample
        if held:
            random.shuffle(held)
        yield from held


def _place() -> tuple[int, int]:
    """The number of this reader, and how many there are, over all processes and their workers."""
    worker = get_worker_info()
    number, workers = (0, 1) if worker is None else (worker.id, worker.num_workers)
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        rank, ranks = torch.distributed.get_rank(), torch.distributed.get_world_size()
        return rank * workers + number, ranks * workers
    return number, workers


@overload
def open_dataset(
    path: str | os.PathLike[str],
    split: str | None = ...,
    arrays: Sequence[str] | None = ...,
    *,
    stream: Literal[False] = ...,
    situation: bool = ...,
) -> SampleDataset: ...
@overload
def open_dataset(
    path: str | os.PathLike[str],
    split: str | None = ...,
    arrays: Sequence[str] | None = ...,
    *,
    stream: Literal[True],
    situation: bool = ...,
    shuffle: int = ...,
    seed: int = ...,
) -> SampleStream: ...
def open_dataset(
    path: str | os.PathLike[str],
    split: str | None = None,
    arrays: Sequence[str] | None = None,
    *,
    stream: bool = False,
    situation: bool = False,
    shuffle: int = 0,
    seed: int = 0,
) -> SampleDataset | SampleStream:
    """Opens a training set that `ganinsar dataset` wrote, in the formats npy, webdataset or zarr.

        training = ganinsar.open_dataset("training", "train", ["wrapped", "unwrapped"])
        for batch in DataLoader(training, batch_size=16, shuffle=True, num_workers=4):
            batch["wrapped"]  # [16, rows, columns], rad; NaN where there are no data

    - `split`: train, validation or test; without it, the folder itself if it has no parts, else train.
    - `arrays`: names of what is read; by default all. See docs/datasets.md for units and meanings.
    - `stream`: read the files from beginning to end instead of by index: an `IterableDataset`, whose `shuffle` buffer
      holds so many samples.
    - `situation`: add the JSON text of what was drawn for the sample.

    Raises `FileNotFoundError` where there is no such dataset or part, `KeyError` for an unknown array.
    """
    root = Path(path)
    if split is not None and split not in SPLITS:
        raise ValueError(f"there is no part '{split}': use train, validation or test")
    whole = root if split is None else root / split
    if split is None and (root / "train" / "dataset.json").exists():
        whole = root / "train"
    if not (whole / "dataset.json").exists():
        raise FileNotFoundError(f"{whole} is not a dataset: it has no dataset.json; 'ganinsar dataset' writes one")
    layout = _Layout(whole, arrays)
    if stream:
        return SampleStream(layout, situation, shuffle, seed)
    return SampleDataset(layout, situation)
