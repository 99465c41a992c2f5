"""Run benchmark commands in turns and compare them: the only fair way on a shared machine.

    python bench/compare.py --rounds 3 \
        "python bench/unet_gan_iteration.py --channels-last --reference ../unetgan" \
        "COMMAND OF THE OTHER PROGRAM"

Each command prints, as its last line, JSON with at least `plain_seconds`, `cutmix_seconds` and
`seconds`. They run one after another, round by round, each in a process of its own with
OMP_WAIT_POLICY=passive. Prints the medians over the rounds, the peak memory that the system saw
of each process, and ratios to the first command.
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess

KEYS = [
    "plain_seconds",
    "cutmix_seconds",
    "seconds",
    "generate_seconds",
    "peak_device_memory_mib",
]


def run(command: str) -> dict[str, float]:
    environment = os.environ | {"OMP_WAIT_POLICY": "passive"}
    process = subprocess.Popen(shlex.split(command), stdout=subprocess.PIPE, text=True, env=environment)
    lines = process.stdout.read().strip().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or not lines:
        raise SystemExit(f"status {process.returncode}, {len(lines)} lines from: {command}")
    result = json.loads(lines[-1])
    found = {key: float(result[key]) for key in KEYS if key in result}
    return found | {"peak_rss_mib": usage.ru_maxrss / 1024}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("commands", nargs="+", help="each one quoted string")
    arguments = parser.parse_args()
    results = [[] for _ in arguments.commands]
    for _ in range(arguments.rounds):
        for command, found in zip(arguments.commands, results):
            found.append(run(command))
    medians = [{key: statistics.median(result[key] for result in found) for key in found[0]} for found in results]
    for command, median in zip(arguments.commands, medians):
        ratios = {key: median[key] / medians[0][key] for key in median if key in medians[0]}
        print(command)
        for key, value in median.items():
            ratio = f"  ({ratios[key]:.3f} of the first)" if key in ratios else ""
            print(f"  {key:18} {value:9.4g}{ratio}")


if __name__ == "__main__":
    main()
