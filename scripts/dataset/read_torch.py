"""Reads a dataset of `ganinsar dataset` in PyTorch, with four worker processes.

    python3 scripts/dataset/read_torch.py WEBDATASET ZARR

Both are datasets of one job (same rate maps, recipe and seed) in the formats webdataset and zarr. The program reads all
training samples through `webdataset` and through Zarr, each with a DataLoader of four workers, checks that each sample
comes once and that both hold the same numbers, and takes ten steps with a small network.
"""

import json
import sys

import numpy as np
import torch
import webdataset as wds
import zarr
from torch.utils.data import DataLoader, Dataset

WORKERS = 4


def open_webdataset(folder: str) -> tuple[dict, wds.WebDataset]:
    with open(f"{folder}/dataset.json") as file:
        description = json.load(file)
    shards = [f"{folder}/shard-{number:06d}.tar" for number in range(description["shardCount"])]
    # A worker without a shard of its own gives no samples.
    return description, wds.WebDataset(shards, shardshuffle=False, empty_check=False).decode()


class ZarrSamples(Dataset):
    """Each worker opens the store itself."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.store = None
        self.count = zarr.open_group(folder, mode="r")["wrapped"].shape[0]

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict:
        if self.store is None:
            self.store = zarr.open_group(self.folder, mode="r")
        return {
            "wrapped": torch.from_numpy(self.store["wrapped"][index]),
            "unwrapped": torch.from_numpy(self.store["unwrapped"][index]),
            "index": index,
        }


def main() -> None:
    tar_folder, zarr_folder = (f"{folder}/train" for folder in sys.argv[1:3])
    description, samples = open_webdataset(tar_folder)
    first = {}
    situations = set()
    for sample in DataLoader(samples, batch_size=None, num_workers=WORKERS):
        first[int(sample["__key__"])] = (sample["wrapped.npy"], sample["unwrapped.npy"])
        situations.add(json.dumps(sample["json"]["drawn"], sort_keys=True))
    assert len(first) == description["sampleCount"], (len(first), description["sampleCount"])
    print(
        f"webdataset: {len(first)} samples of {description['shardCount']} shards with {WORKERS} workers, "
        f"{len(situations)} situations"
    )

    seen = 0
    loader = DataLoader(ZarrSamples(zarr_folder), batch_size=16, shuffle=True, num_workers=WORKERS)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(2, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(16, 1, 3, padding=1)
    )
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)
    losses = []
    for batch in loader:
        for place, index in enumerate(batch["index"].tolist()):
            for name, array in zip(("wrapped", "unwrapped"), first[index]):
                assert np.array_equal(batch[name][place].numpy(), array, equal_nan=True), (index, name)
        seen += len(batch["index"])
        if len(losses) < 10:
            wrapped, unwrapped = (batch[name].float() for name in ("wrapped", "unwrapped"))
            has_data = torch.isfinite(wrapped)
            wrapped, unwrapped = wrapped.nan_to_num(), unwrapped.nan_to_num()
            inputs = torch.stack([wrapped.cos(), wrapped.sin()], 1)
            loss = ((network(inputs)[:, 0] - unwrapped)[has_data] ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert seen == len(first)
    assert all(np.isfinite(losses))
    print(
        f"zarr: the same {seen} samples, equal in every number, with {WORKERS} workers; {len(losses)} steps of a "
        f"small network, loss {losses[0]:.3g} to {losses[-1]:.3g}"
    )


if __name__ == "__main__":
    main()
