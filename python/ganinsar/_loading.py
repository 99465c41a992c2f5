"""Generated maps for a PyTorch `DataLoader`."""

import os
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils.data import IterableDataset, get_worker_info

from ganinsar._maps import stream


class GeneratedMaps(IterableDataset[torch.Tensor]):
    """Rate maps as tensors [1, rows, columns] in cm/yr, drawn while a network trains.

        maps = GeneratedMaps(count=100_000, seed=1, size=128)
        for rates in DataLoader(maps, batch_size=32, num_workers=4):
            ...

    The workers of a loader share the maps: each runs a program of its own for its part, and together they give each map
    once. Takes what `ganinsar.generate` takes; each epoch has the same maps, unless you give another `seed` or `first`.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        count: int = 1_000_000,
        seed: int = 0,
        size: int | tuple[int, int] | None = None,
        first: int = 0,
        **options: Any,  # noqa: ANN401 (those of `stream`)
    ) -> None:
        super().__init__()
        self.model, self.count, self.seed, self.size, self.first = model, count, seed, size, first
        self.options = options

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[torch.Tensor]:
        worker = get_worker_info()
        number, workers = (0, 1) if worker is None else (worker.id, worker.num_workers)
        start, end = (number * self.count // workers, (number + 1) * self.count // workers)
        if start == end:
            return
        options = dict(self.options)
        if worker is not None:
            options.setdefault("threads", max(1, (os.cpu_count() or 1) // workers))
        with stream(self.model, end - start, self.seed, self.size, first=self.first + start, **options) as maps:
            for values in maps:
                yield torch.from_numpy(values)[None]
