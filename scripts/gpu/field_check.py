"""Do field networks compute the same on a GPU as on a CPU, and how long does an iteration take there?

python field_check.py --scenes scenes.npz -o FOLDER --jobs JOB... [--bfloat16] [--profile]

JOB as for field_train.py. Compares generator and discriminator of each kind on both devices with the same
input (TF32 as in training), times iterations as CUDA graphs, and with --profile writes profile-NAME.txt with
the operations of iterations without a graph that take longest. Exits with 1 where the devices differ by
more than 1 % of the output's deviation. Without a GPU nothing is compared.
"""

import argparse
import copy
import sys
import time
from pathlib import Path

import field_networks as nets
import torch
from field_train import Job, Options
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
    style = torch.randn(4, style, generator=random)
    labels = torch.randn(4, job.labels, generator=random) if job.labels else None
    inputs = [grid, style, labels, job.g.net.white_noise(grid, random)]
    seen = torch.randn(4, 3 if job.kind == "detail" else 1, job.side, job.side, generator=random) * 4
    found = []
    for net, arguments in ((job.g, inputs), (job.d, [seen, labels])):
        outputs = []
        for place in (torch.device("cpu"), device):
            there = copy.deepcopy(net).to(place).eval()
            result = there(*[value if value is None else value.to(place) for value in arguments])
            outputs.append((result if torch.is_tensor(result) else result[1]).cpu())
        found.append(float((outputs[0] - outputs[1]).abs().max() / outputs[0].std()))
    return found


def milliseconds(job, replays):
    """Of one iteration, as training does them."""
    for _ in range(4):
        job.step()
    synchronize(job)
    begin = time.time()
    for _ in range(replays):
        job.step()
    synchronize(job)
    return 1000 * (time.time() - begin) / replays


def synchronize(job):
    if job.device.type == "cuda":
        torch.cuda.synchronize()


def profiled(job, iterations):
    cuda = job.device.type == "cuda"
    activities = [ProfilerActivity.CPU] + ([ProfilerActivity.CUDA] if cuda else [])
    with profile(activities=activities) as profiler:
        for _ in range(iterations):
            job.iterate()
        synchronize(job)
    by = "self_cuda_time_total" if cuda else "self_cpu_time_total"
    return profiler.key_averages().table(sort_by=by, row_limit=30, max_name_column_width=90)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scenes", required=True)
    parser.add_argument("--jobs", nargs="+", required=True)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--features", help="for jobs with projected=1, as for field_train.py")
    parser.add_argument("--iterations", type=int, default=40)
    arguments = parser.parse_args()
    output = Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    cuda = torch.cuda.is_available()
    device = torch.device("cuda" if cuda else "cpu")
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    bad, compared = False, set()
    for spec in arguments.jobs:
        begin = time.time()
        job = Job(spec, arguments.scenes, device, 0, Options(bfloat16=arguments.bfloat16), trunk=arguments.features)
        if cuda and (job.kind, job.side) not in compared:
            compared.add((job.kind, job.side))
            generator, discriminator = differences(job, device)
            bad |= max(generator, discriminator) > TOLERANCE
            print(f"{spec}: CUDA differs from CPU by {generator:.1e} (generator), {discriminator:.1e}", flush=True)
        if cuda:
            job.capture()
        took = milliseconds(job, arguments.iterations)
        print(f"{spec}: {took:.1f} ms an iteration; {time.time() - begin:.0f} s in all", flush=True)
        if arguments.profile:
            (output / f"profile-{job.name}.txt").write_text(f"{spec} on {device}\n{profiled(job, 3)}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
