#!/usr/bin/env python3
"""Times training with one process and with two, and sharded jobs; prints Markdown.

    python3 Benchmarks/several_processes.py train DATASET --config configs/small.yaml --rounds 3
    python3 Benchmarks/several_processes.py reduce
    python3 Benchmarks/several_processes.py jobs MODEL

Times .build/release/ganinsar, or the program that GANINSAR names. Variants take turns, so that a busy machine slows
all of them alike; CPU seconds stand beside the wall's. `train` also compares the losses of the variants.
"""

import argparse
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PROGRAM = os.environ.get("GANINSAR", os.path.join(ROOT, ".build", "release", "ganinsar"))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def run(arguments, processes=1, threads=1, program=PROGRAM):
    """Runs the program as one process or several; returns process 0's output."""
    environment = dict(os.environ, OMP_WAIT_POLICY="passive", OMP_NUM_THREADS=str(threads))
    if processes > 1:
        environment.update(WORLD_SIZE=str(processes), MASTER_ADDR="127.0.0.1", MASTER_PORT=str(free_port()))
    started = [
        subprocess.Popen(
            [program] + arguments,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment, RANK=str(rank)) if processes > 1 else environment,
        )
        for rank in range(processes)
    ]
    outputs = [process.communicate() for process in started]
    for process, (_, errors) in zip(started, outputs):
        if process.returncode != 0:
            raise SystemExit(errors)
    return outputs[0][0]


def train(options):
    variants = [(1, 1), (1, 2), (2, 1)]
    found = {variant: [] for variant in variants}
    for _ in range(options.rounds):
        for processes, threads in variants:
            with tempfile.TemporaryDirectory() as folder:
                sets = [
                    "epochs=1",
                    "output.statisticsEveryIterations=1",
                    "average.calibrationBatches=1",
                    "output.gridRows=1",
                    "output.gridColumns=1",
                    f"data.patchesPerEpoch={options.iterations * options.batch}",
                    f"batchSize={options.batch}",
                    f"execution.threads={threads}",
                ] + options.set
                arguments = ["train", options.dataset, "-o", folder, "--config", options.config]
                for item in sets:
                    arguments += ["--set", item]
                path = run(arguments, processes, threads).strip()
                with open(os.path.join(path, "stats.jsonl")) as lines:
                    found[processes, threads].append([json.loads(line) for line in lines])
    print("| processes | threads each | s/iteration | fastest | CPU s/iteration | speed | loss, last iteration |")
    print("|---|---|---|---|---|---|---|")
    base = None
    for variant in variants:
        # The first two iterations warm up.
        lines = [line for run_lines in found[variant] for line in run_lines[2:]]
        walls = [line["secondsPerIteration"] for line in lines]
        wall = statistics.median(walls)
        cpu = statistics.median(line["cpuSecondsPerIteration"] for line in lines)
        base = base or wall
        loss = found[variant][0][-1]["lossDiscriminator"]
        print(
            f"| {variant[0]} | {variant[1]} | {wall:.3f} | {min(walls):.3f} | {cpu:.3f} "
            f"| {base / wall:.2f} | {loss:.6f} |"
        )


def reduce(options):
    result = json.loads(run(["reduce"], processes=options.processes, program=f"{PROGRAM}-bench"))
    print("| message | wall | CPU of all processes | bytes/s |")
    print("|---|---|---|---|")
    for message in result["messages"]:
        size, seconds = message["bytes"], message["seconds"]
        print(
            f"| {size / 1e6:.3g} MB | {seconds * 1e3:.2f} ms | {message['cpuSeconds'] * 1e3:.2f} ms "
            f"| {size / seconds / 1e6:.0f} MB/s |"
        )


def cost(arguments):
    """Wall and CPU seconds of one run on one core."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    core = str(sorted(os.sched_getaffinity(0))[0])
    subprocess.run(
        ["taskset", "-c", core, PROGRAM] + arguments,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ, OMP_WAIT_POLICY="passive", OMP_NUM_THREADS="1"),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (time.monotonic() - start, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def jobs(options):
    folder = tempfile.mkdtemp()
    rates = os.path.join(folder, "rates")
    cost(["simulate", "mixed", "-o", rates, "--count", "1", "--size", "256", "--format", "npy"])
    stack = ["--samples", "webdataset"]
    tasks = [
        (
            "generate, .npy",
            options.count,
            lambda n, out: ["generate", options.model, "-o", out, "--count", str(n), "--device", "cpu"],
        ),
        (
            "simulate mixed, 256 px, .npy",
            options.count,
            lambda n, out: ["simulate", "mixed", "-o", out, "--count", str(n), "--size", "256", "--format", "npy"],
        ),
        (
            "compose, 256 px, webdataset",
            options.count,
            lambda n, out: (
                [
                    "compose",
                    rates,
                    "-o",
                    out,
                    "--set",
                    f"network.count={n + 1}",
                    "--set",
                    "network.maximumConnections=1",
                ]
                + stack
            ),
        ),
    ]
    print("| job on one core | start-up, CPU s | CPU s a sample | samples a CPU s | bytes a sample |")
    print("|---|---|---|---|---|")
    for name, count, arguments in tasks:
        small, large = [], []
        size = 0
        for number in range(options.rounds):
            for samples, results in ((1, small), (count + 1, large)):
                out = os.path.join(folder, f"out-{number}-{samples}")
                results.append(cost(arguments(samples, out))[1])
                if samples > 1:
                    size = sum(
                        os.path.getsize(os.path.join(root, file)) for root, _, files in os.walk(out) for file in files
                    )
                shutil.rmtree(out)
        each = (statistics.median(large) - statistics.median(small)) / count
        print(
            f"| {name} | {statistics.median(small) - each:.2f} | {each:.4f} | {1 / each:.1f} | {size // (count + 1)} |"
        )
    shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("train")
    command.add_argument("dataset")
    command.add_argument("--config", default="configs/small.yaml")
    command.add_argument("--set", action="append", default=[])
    command.add_argument("--batch", type=int, default=16)
    command.add_argument("--iterations", type=int, default=8)
    command.add_argument("--rounds", type=int, default=3)
    command.set_defaults(function=train)
    command = commands.add_parser("reduce")
    command.add_argument("--processes", type=int, default=2)
    command.set_defaults(function=reduce)
    command = commands.add_parser("jobs")
    command.add_argument("model")
    command.add_argument("--count", type=int, default=40)
    command.add_argument("--rounds", type=int, default=3)
    command.set_defaults(function=jobs)
    options = parser.parse_args()
    options.function(options)


if __name__ == "__main__":
    main()
