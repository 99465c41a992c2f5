"""Repeats the program's first two iterations in PyTorch and compares the losses.

    python Benchmarks/peers/check_training.py FOLDER --size 64 --ch 16 --batch 16

FOLDER is what `ganinsar-bench train --save FOLDER` wrote. The learning rates, the loss and
CutMix are those of that run's defaults. Prints the largest relative difference.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/fixtures"))

import torch
import unet_gan_reference as clean
from counter_random import ITERATION_STREAM, CounterRandom
from safetensors import safe_open
from unet_gan_losses import IterationInputs, adam, cutmix_mask, training_iteration


def state(tensors: dict, prefix: str) -> dict:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def inputs(seed: int, iteration: int, real: torch.Tensor, mixes: bool) -> IterationInputs:
    """What the program draws in an iteration, in its order."""
    count, size = len(real), real.shape[-1]
    random = CounterRandom(seed, ITERATION_STREAM, iteration)
    first = torch.tensor(random.normals(count * 128)).view(count, 128)
    random.uniform()  # whether CutMix is on
    mask = None
    if mixes:
        boxes = []
        for _ in range(count):
            share = random.uniform()
            row, column = random.below(size), random.below(size)
            boxes.append(cutmix_mask(size, share, row, column, random.uniform() < 0.5))
        mask = torch.stack(boxes)
    second = torch.tensor(random.normals(count * 128)).view(count, 128)
    return IterationInputs(real, first, second, mask)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int)
    parser.add_argument("--ch", type=int)
    arguments = parser.parse_args()
    worst = 0.0
    for kind in ["plain", "cutmix"]:
        with safe_open(str(arguments.folder / f"{kind}.safetensors"), "pt") as file:
            seed = int(file.metadata()["seed"])
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
        generator = clean.Generator(arguments.size, arguments.ch).train()
        discriminator = clean.UNetDiscriminator(arguments.size, arguments.ch).train()
        generator.load_state_dict(state(tensors, "generator."))
        discriminator.load_state_dict(state(tensors, "discriminator."))
        optimizers = adam(generator, 1e-4), adam(discriminator, 5e-4)
        for iteration in range(2):
            losses = training_iteration(
                generator,
                discriminator,
                *optimizers,
                inputs(seed, iteration, tensors["real"][iteration], kind == "cutmix"),
            )
            for theirs, ours in zip(losses, tensors["losses"][iteration]):
                worst = max(worst, abs(theirs.item() - ours.item()) / abs(theirs.item()))
    print(json.dumps({"difference": worst}))


if __name__ == "__main__":
    main()
