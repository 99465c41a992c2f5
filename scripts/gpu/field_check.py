"""Do field networks compute the same on a GPU as on a CPU, and where does an iteration's time go?

python field_check.py --scenes scenes.npz --dataset NAME -o FOLDER

Compares generator and discriminator of each kind on both devices with the same input (TF32 as in
training), then profiles iterations without a CUDA graph and writes profile-KIND.txt with the operations
that take longest. Exits with 1 where the devices differ by more than 1 % of the output's deviation.
Without a GPU only the profile of the CPU is written.
"""

import argparse
import copy
import sys
from pathlib import Path

import field_networks as nets
import torch
from field_train import Job
from torch.profiler import ProfilerActivity, profile

TOLERANCE = 0.01


@torch.no_grad()
def differences(job, device):
    """Largest difference between devices, in standard deviations of the output: generator, discriminator."""
    random = torch.Generator().manual_seed(1)
    cells = 22 if job.kind == "detail" else 8
    channels = nets.DETAIL_LATENTS + nets.CONTEXT if job.kind == "detail" else nets.LATENT_CHANNELS
    style = 64 if job.kind == "detail" else 128
    grid = torch.randn(4, channels, cells, cells, generator=random)
    inputs = [grid, torch.randn(4, style, generator=random)]
    if job.labels:
        inputs.append(torch.randn(4, job.labels, generator=random))
    seen = torch.randn(4, {"native": 1, "coarse": 1, "detail": 3}[job.kind], 64, 64, generator=random) * 4
    found = []
    for net, arguments in ((job.g, inputs), (job.d, [seen, *inputs[2:]])):
        outputs = []
        for place in (torch.device("cpu"), device):
            there = copy.deepcopy(net).to(place).eval()
            result = there(*[value.to(place) for value in arguments])
            outputs.append((result if torch.is_tensor(result) else result[1]).cpu())
        found.append(float((outputs[0] - outputs[1]).abs().max() / outputs[0].std()))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scenes", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--kinds", nargs="+", default=["native", "coarse", "detail"])
    parser.add_argument("--channels", type=int, default=16)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--iterations", type=int, default=5)
    arguments = parser.parse_args()
    output = Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    cuda = torch.cuda.is_available()
    device = torch.device("cuda" if cuda else "cpu")
    torch.backends.cudnn.allow_tf32 = True
    activities = [ProfilerActivity.CPU] + ([ProfilerActivity.CUDA] if cuda else [])
    bad = False
    for kind in arguments.kinds:
        spec = f"{kind}:{arguments.dataset}:{kind}:{arguments.channels}:{arguments.batch}"
        job = Job(spec, arguments.scenes, device, seed=0)
        if cuda:
            generator, discriminator = differences(job, device)
            bad |= max(generator, discriminator) > TOLERANCE
            print(f"{kind}: CUDA differs from CPU by {generator:.1e} (generator), {discriminator:.1e}", flush=True)
        job.iterate()
        with profile(activities=activities) as profiler:
            for _ in range(arguments.iterations):
                job.iterate()
        by = "cuda_time_total" if cuda else "cpu_time_total"
        table = profiler.key_averages().table(sort_by=by, row_limit=25)
        (output / f"profile-{kind}.txt").write_text(f"{arguments.iterations} iterations of {spec} on {device}\n{table}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
