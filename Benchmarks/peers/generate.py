"""Rate maps from the program's own model file, drawn by PyTorch in eager mode.

    python Benchmarks/peers/generate.py MODEL OUT --count 64 [--batch 16]

Writes sample-<index>.npy as `ganinsar generate` does, of seed 0: the same latents, so the same maps.
channels_last, no gradients.
"""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/fixtures"))

import numpy as np
import torch
import unet_gan_reference as clean
from counter_random import LATENT_STREAM, CounterRandom
from safetensors import safe_open


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("output", type=Path)
    parser.add_argument("--count", type=int)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with safe_open(arguments.model, "pt") as file:
        description = json.loads(file.metadata()["description"])
        tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118 (not a dict)
    architecture = description["architecture"]
    generator = clean.Generator(architecture["sizePixels"], architecture["channels"])
    generator.load_state_dict(tensors)
    generator.eval().to(memory_format=torch.channels_last)
    scale = description["transform"]["scaleCMPerYear"]
    arguments.output.mkdir(parents=True)
    with torch.inference_mode():
        for start in range(0, arguments.count, arguments.batch):
            indices = range(start, min(start + arguments.batch, arguments.count))
            latents = torch.tensor([CounterRandom(0, LATENT_STREAM, index).normals(128) for index in indices])
            maps = (generator(latents) * scale).numpy()
            for index, values in zip(indices, maps):
                np.save(arguments.output / f"sample-{index:08d}.npy", values[0])


if __name__ == "__main__":
    main()
