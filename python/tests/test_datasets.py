"""The same training set in three formats, read by index and as a stream."""

import json

import ganinsar
import numpy as np
import torch
from support import FolderTestCase
from torch.utils.data import DataLoader

FORMATS = ("npy", "webdataset", "zarr")


class DatasetTests(FolderTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        ganinsar.run(
            "simulate", "sun", "-o", cls.folder / "maps", "--count", "8", "--size", "64", "--format", "npy", "--quiet"
        )
        for name in FORMATS:
            # Shards of 1 MB, so that there are several.
            ganinsar.run(
                "dataset",
                cls.folder / "maps",
                "-o",
                cls.folder / name,
                "--recipe",
                "unwrapping",
                "--seed",
                "1",
                "--size",
                "48",
                "--samples-per-map",
                "20",
                "--format",
                name,
                "--shard-size",
                "1",
                "--quiet",
            )

    def test_all_formats_hold_the_same_samples(self) -> None:
        datasets = [ganinsar.open_dataset(self.folder / name, situation=True) for name in FORMATS]
        self.assertEqual({len(dataset) for dataset in datasets}, {120})
        for index in (0, 57, 119, -1):
            first, *others = (dataset[index] for dataset in datasets)
            for other in others:
                self.assertEqual(sorted(other), sorted(first))
                self.assertEqual(json.loads(other["situation"]), json.loads(first["situation"]))
                for name in ("wrapped", "unwrapped", "coherence"):
                    self.assertTrue(torch.equal(other[name].nan_to_num(9e9), first[name].nan_to_num(9e9)), name)
        wrapped = datasets[0][3]["wrapped"]
        self.assertEqual((wrapped.shape, wrapped.dtype), ((48, 48), torch.float32))
        self.assertLessEqual(float(wrapped.nan_to_num().abs().max()), np.float32(np.pi))

    def test_four_workers_give_each_sample_once(self) -> None:
        for name in FORMATS:
            with self.subTest(name):
                dataset = ganinsar.open_dataset(self.folder / name, "train", ["wrapped"])
                loader = DataLoader(dataset, batch_size=16, shuffle=True, num_workers=4)
                batches = list(loader)
                self.assertEqual(batches[0]["wrapped"].shape, (16, 48, 48))
                self.assertNotIn("unwrapped", batches[0])
                self.assertEqual(sorted(torch.cat([batch["index"] for batch in batches]).tolist()), list(range(120)))

    def test_a_stream_gives_each_sample_once_and_mixes_them(self) -> None:
        for name in FORMATS:
            with self.subTest(name):
                stream = ganinsar.open_dataset(
                    self.folder / name, "train", ["wrapped"], stream=True, shuffle=40, seed=1
                )
                self.assertGreater(stream._layout.shards, 1)
                first, second = [sample["index"] for sample in stream], [sample["index"] for sample in stream]
                self.assertNotEqual(first, sorted(first))
                self.assertNotEqual(first, second, "another epoch has another order")
                self.assertEqual(sorted(first), list(range(120)))
                by_workers = [int(batch["index"]) for batch in DataLoader(stream, batch_size=None, num_workers=4)]
                self.assertEqual(sorted(by_workers), list(range(120)))

    def test_parts_hold_different_maps(self) -> None:
        def maps(part: str) -> set[str]:
            dataset = ganinsar.open_dataset(self.folder / "npy", part, situation=True)
            return {json.loads(sample["situation"])["rate"] for sample in dataset}

        self.assertEqual((len(maps("train")), len(maps("validation")), len(maps("test"))), (6, 1, 1))
        self.assertFalse(maps("train") & (maps("validation") | maps("test")))

    def test_arrays_have_units_and_meanings(self) -> None:
        arrays = ganinsar.open_dataset(self.folder / "zarr", arrays=["coherence", "wrapped"]).arrays
        self.assertEqual([(array["name"], array["unit"]) for array in arrays], [("wrapped", "rad"), ("coherence", "1")])

    def test_what_is_not_there_is_an_error(self) -> None:
        with self.assertRaisesRegex(FileNotFoundError, "no dataset.json"):
            ganinsar.open_dataset(self.folder / "maps")
        with self.assertRaisesRegex(KeyError, "no array 'phase': it has wrapped, unwrapped"):
            ganinsar.open_dataset(self.folder / "npy", arrays=["phase"])
        with self.assertRaisesRegex(ValueError, "no part 'training'"):
            ganinsar.open_dataset(self.folder / "npy", "training")
        with self.assertRaises(IndexError):
            ganinsar.open_dataset(self.folder / "npy")[120]

    def test_samples_of_one_stack_and_half_precision(self) -> None:
        stack = self.folder / "samples"
        rates = self.folder / "maps/sun_000000.npy"
        ganinsar.run(
            "compose",
            rates,
            "-o",
            stack,
            "--unit",
            "cm/yr",
            "--seed",
            "1",
            "--set",
            "network.count=4",
            "--samples",
            "zarr",
            "--float16",
            "wrapped",
            "--arrays",
            "wrapped,coherence",
            "--quiet",
        )
        dataset = ganinsar.open_dataset(stack)
        self.assertEqual(dataset[0]["wrapped"].dtype, torch.float16)
        self.assertEqual(dataset[0]["wrapped"].shape, (64, 64))
