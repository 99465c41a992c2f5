#!/usr/bin/env python3
"""Stands in for the program in tests of training: it resolves, trains without work, and stops on SIGTERM.

`FAKE_SECONDS` is how long a training takes, `FAKE_FAIL` the arm whose training fails. Every call adds a line to
`FAKE_LOG`.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

arguments = sys.argv[1:]
with open(os.environ["FAKE_LOG"], "a") as log:
    log.write(" ".join(arguments) + "\n")
sets = [arguments[i + 1].split("=", 1) for i, word in enumerate(arguments) if word == "--set"]
values = dict(sets)


def after(option: str) -> str:
    return arguments[arguments.index(option) + 1]


if "--dry-run" in arguments:
    if "refuse" in values:
        sys.exit(1)
    configuration = {
        "name": values["name"],
        "seed": int(after("--seed")),
        "batchSize": 4,
        "epochs": 2,
        "data": {"patchesPerEpoch": int(values.get("data.patchesPerEpoch", 10))},
        "cutMix": {"probability": 0.5},
        "changes": {k: v for k, v in values.items() if not k.startswith(("execution", "output"))},
        "output": {"kept": values.get("output.keptCheckpointEpochs")},
        "execution": {"threads": values["execution.threads"]},
        "evaluation": {"patienceEvaluations": 0},
    }
    print(json.dumps({"configuration": configuration, "device": "cpu", "iterations": 5}))
elif "--iterations" in arguments:  # ganinsar-bench
    print(json.dumps({"plain_cpu_seconds": 1.0, "cutmix_cpu_seconds": 3.0}))
elif arguments[0] == "train":
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    if "--resume" in arguments:
        run = Path(after("--resume"))
    else:
        run = Path(after("-o")) / f"00000-{values['name']}"
        (run / "checkpoints").mkdir(parents=True)
        (run / "log.txt").write_text(f"branched off from {after('--from')}\n" if "--from" in arguments else "started\n")
    if values.get("name") == os.environ.get("FAKE_FAIL", "nobody"):
        sys.exit(3)
    end = time.monotonic() + float(os.environ.get("FAKE_SECONDS", "0"))
    while time.monotonic() < end and not stop:
        time.sleep(0.01)
    # Epoch 1 ends at iteration 3: ten patches in batches of four.
    (run / "checkpoints/checkpoint-00000003.safetensors").touch()
    (run / "stats.jsonl").write_text('{"step":1}\n{"step":5}\n')
    sys.exit(130 if stop else 0)
elif arguments == ["--version"]:
    print("0.0.0")
else:
    sys.exit(f"the fake program does not know {arguments}")
