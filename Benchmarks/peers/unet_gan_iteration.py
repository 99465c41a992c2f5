"""Time one training iteration (a discriminator step and a generator step) in PyTorch.

    python Benchmarks/peers/unet_gan_iteration.py --reference ../unetgan --channels-last
    python Benchmarks/peers/unet_gan_iteration.py --channels-last

With --reference, the public U-Net GAN code at that path; without, the clean implementation in
scripts/fixtures. Plain and CutMix iterations alternate, after one of each that is not counted. No
moving average, no data loading. float32, or bfloat16 autocast with --bf16; on a GPU with --device
cuda. Prints one line of JSON: medians in seconds, and

    seconds          mean of the plain and the CutMix median
    cpu_seconds      CPU time per iteration, both kinds together
    generate_seconds one eval-mode batch of the generator, median
    peak_rss_mib     of the whole process, Python and libraries included
    peak_device_memory_mib  what PyTorch allocated on the GPU at most

Timings of different programs compare only within one run in which they take turns.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads ruin a shared machine
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/fixtures"))

import torch
import unet_gan_reference as clean
from public_unet_gan import PublicUNetGAN, check_same_networks
from unet_gan_losses import IterationInputs, adam, cutmix_mask, training_iteration


class CleanUNetGAN:
    """The implementation of the parity fixtures, at the shape of the public code."""

    def __init__(self, size: int, ch: int, batch: int, channels_last: bool):
        self.batch = batch
        self.generator = clean.Generator(size, ch).train()
        self.discriminator = clean.UNetDiscriminator(size, ch).train()
        if channels_last:
            self.generator.to(memory_format=torch.channels_last)
            self.discriminator.to(memory_format=torch.channels_last)
        self.optimizers = adam(self.generator, 1e-4), adam(self.discriminator, 5e-4)

    def iteration(self, real: torch.Tensor, mask: torch.Tensor | None) -> None:
        latents = torch.randn(2, self.batch, 128)
        inputs = IterationInputs(real, latents[0], latents[1], mask)
        losses = training_iteration(self.generator, self.discriminator, *self.optimizers, inputs)
        for loss in losses:
            loss.item()

    def generate(self, latents: torch.Tensor) -> torch.Tensor:
        self.generator.eval()
        with torch.no_grad():
            images = self.generator(latents)
        self.generator.train()
        return images


def random_masks(size: int, batch: int) -> torch.Tensor:
    draws = torch.rand(batch, 4).tolist()
    return torch.stack(
        [
            cutmix_mask(size, share, int(row * size), int(column * size), inverted > 0.5)
            for share, row, column, inverted in draws
        ]
    )


def timed(work) -> float:
    start = time.perf_counter()
    work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reference", type=Path, help="a checkout of the public U-Net GAN code")
    parser.add_argument("--size", type=int, default=64, choices=sorted(clean.GENERATOR_INPUTS))
    parser.add_argument("--ch", type=int, default=16)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--iterations", type=int, default=5, help="counted ones of each kind")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--cutmix", action="store_true", help="CutMix iterations alone")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--bf16", action="store_true", help="bfloat16 autocast")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    torch.set_default_device(arguments.device)
    on_gpu = arguments.device.startswith("cuda")
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = False  # while the networks are compared
    shape = arguments.size, arguments.ch, arguments.batch, arguments.channels_last
    result = {
        "implementation": "public U-Net GAN" if arguments.reference else "clean PyTorch",
        "size": arguments.size,
        "ch": arguments.ch,
        "batch": arguments.batch,
        "threads": arguments.threads,
        "channels_last": arguments.channels_last,
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
        "bf16": arguments.bf16,
    }
    if arguments.reference:
        model = PublicUNetGAN(arguments.reference, *shape, device=arguments.device)
        result["difference_from_clean"] = check_same_networks(model, arguments.ch)
        if max(result["difference_from_clean"].values()) > 1e-3:
            raise SystemExit(f"not the same networks: {result['difference_from_clean']}")
    else:
        model = CleanUNetGAN(*shape)

    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cuda.matmul.allow_tf32 = True

    def iterate(real: torch.Tensor, mask: torch.Tensor | None) -> None:
        device = "cuda" if on_gpu else "cpu"
        with torch.autocast(device, torch.bfloat16, enabled=arguments.bf16):
            model.iteration(real, mask)

    kinds = ["cutmix"] if arguments.cutmix else ["plain", "cutmix"]
    seconds = {kind: [] for kind in kinds}
    for index in range(arguments.iterations + 1):
        if index == 1:
            cpu_start = time.process_time()
        for kind in kinds:
            real = 0.5 * torch.randn(arguments.batch, 1, arguments.size, arguments.size)
            mask = random_masks(arguments.size, arguments.batch) if kind == "cutmix" else None
            elapsed = timed(lambda: iterate(real, mask))
            if index > 0:
                seconds[kind].append(elapsed)
    cpu = time.process_time() - cpu_start
    peak_training = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    latents = torch.randn(arguments.batch, 128)
    generation = [timed(lambda: model.generate(latents)) for _ in range(arguments.iterations + 1)]

    medians = {kind: statistics.median(values) for kind, values in seconds.items()}
    result |= {f"{kind}_seconds": round(median, 4) for kind, median in medians.items()}
    result |= {
        "seconds": round(statistics.mean(medians.values()), 4),
        "cpu_seconds": round(cpu / (arguments.iterations * len(kinds)), 4),
        "generate_seconds": round(statistics.median(generation[1:]), 4),
        "peak_rss_mib": round(peak_training),
        "all_seconds": {kind: [round(v, 4) for v in values] for kind, values in seconds.items()},
    }
    if on_gpu:
        result["peak_device_memory_mib"] = round(torch.cuda.max_memory_allocated() / 2**20)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
