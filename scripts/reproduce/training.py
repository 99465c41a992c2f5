"""Where each arm is, how long it trains, and its training."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

from reproduce.arms import Arm, ArmTable
from reproduce.datasets import Datasets, short_hash
from reproduce.program import Program, Stopped, complain, say, step, write_whole
from reproduce.settings import ROOT, Refused, Settings

INTERRUPTED = 130  # the exit code of 'ganinsar train' that has saved and stopped


@dataclass(frozen=True)
class Resolved:
    """What `ganinsar train --dry-run --json` prints."""

    configuration: dict[str, Any]
    device: str


@dataclass(frozen=True)
class Training:
    """One arm with one seed, and the folder that holds it."""

    arm: Arm
    seed: int
    folder: Path

    @property
    def title(self) -> str:
        return f"{self.arm.name}, seed {self.seed}"

    def record(self) -> dict[str, Any] | None:
        """What is known of a finished training (`done.json`), else `None`."""
        try:
            record: dict[str, Any] = json.loads((self.folder / "done.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return record

    def newest_run(self) -> Path | None:
        """The newest run folder that can be continued."""
        runs = sorted(self.folder.glob("runs/*/"), reverse=True)
        return next((run for run in runs if any(run.glob("checkpoints/checkpoint-*"))), None)


class Experiment:
    """The trainings of all arms. Needs the datasets, since they are part of an arm's identity."""

    def __init__(self, settings: Settings, program: Program, datasets: Datasets, table: ArmTable) -> None:
        self.settings = settings
        self.program = program
        self.datasets = datasets
        self.table = table
        self.patches_per_epoch: int | None = None
        self.training = cache(self._training)
        self.resolve = cache(self._resolve)

    # --- Configurations ---------------------------------------------------------------------------------

    def arguments(self, arm: Arm, seed: int) -> list[str]:
        """The arguments of 'ganinsar train' for an arm."""
        settings = self.settings
        changes = [f"execution.device={settings.device}", f"execution.threads={settings.threads}"]
        if self.patches_per_epoch is not None:
            changes.append(f"data.patchesPerEpoch={self.patches_per_epoch}")
        changes += [*settings.extra, *arm.changes]
        kept = self.table.kept_epochs(arm.name)
        if kept:
            changes.append(f"output.keptCheckpointEpochs=[{','.join(map(str, kept))}]")
        if settings.weights:
            changes.append(f"evaluation.weights={settings.weights}")
        changes.append(f"name={arm.name}")
        sets = [word for change in changes for word in ("--set", change)]
        dataset = str(self.datasets.folder(arm.dataset))
        return [dataset, "--config", str(settings.config), *sets, "--seed", str(seed)]

    def _resolve(self, arm: Arm, seed: int) -> Resolved:
        try:
            text = self.program.run("train", *self.arguments(arm, seed), "--dry-run", "--json")
        except Refused:
            raise Refused(f"the configuration of the arm '{arm.name}' is refused: see above.") from None
        content = json.loads(text)
        return Resolved(content["configuration"], content["device"])

    def _training(self, arm: Arm, seed: int) -> Training:
        """The folder is named after the resolved configuration and the dataset.

        So another configuration or dataset is another training, and the same one is never trained twice.
        """
        configuration = identity(self.resolve(arm, seed).configuration)
        key = short_hash(json.dumps(configuration, sort_keys=True), self.datasets.identity(arm.dataset))
        return Training(arm, seed, self.settings.out / f"arms/{arm.name}-s{seed}-{key}")

    def finished(self) -> list[Training]:
        """Finished trainings of all arms, in the table's order."""
        found = []
        for arm in self.table.arms.values():
            for seed in self.settings.seeds:
                # Resolving a configuration takes a second, and most tables have arms that were never trained.
                if any(self.settings.out.glob(f"arms/{arm.name}-s{seed}-*/done.json")):
                    training = self.training(arm, seed)
                    if training.record():
                        found.append(training)
        return found

    # --- Length -----------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Turns BUDGET into patches per epoch, so that all epochs of the schedule fit.

        The filter then goes off and the offset ends at the same place of a short run as of a long one. It is
        measured once, with the full recipe; every arm then trains the same iterations.
        """
        if self.settings.budget_minutes is None:
            return
        arm = self.table["model"]
        resolved = self._resolve(arm, 0)
        described = {k: v for k, v in resolved.configuration.items() if k != "output"}
        described["data"] = {k: v for k, v in described["data"].items() if k != "patchesPerEpoch"}
        key = short_hash(json.dumps(described, sort_keys=True))
        file = self.settings.out / f"plan-{self.settings.budget}-{key}.json"
        if not file.exists():
            say("measuring the time of an iteration")
            arguments = self.arguments(arm, 0)[: -len(["--seed", "0"])]
            iterations = ["--iterations", str(self.settings.plan_iterations)]
            times = json.loads(self.program.run("train", *arguments, *iterations, path=self.settings.bench))
            plan = planned(
                resolved, times, self.settings.budget_minutes, self.settings.threads or len(os.sched_getaffinity(0))
            )
            write_whole(file, json.dumps(plan, indent=1) + "\n")
        plan = json.loads(file.read_text(encoding="utf-8"))
        self.patches_per_epoch = plan["patchesPerEpoch"]
        say(
            f"{plan['iterations']} iterations per arm, {plan['seconds']:.4f} s each: "
            f"{self.patches_per_epoch} patches per epoch"
        )

    # --- Training ---------------------------------------------------------------------------------------

    def train(self, arms: list[Arm]) -> None:
        """Trains what is not done, JOBS at a time. Raises `Stopped` after a signal, once all have saved."""
        # A configuration that is refused is known before hours of training.
        waiting = [self.training(arm, seed) for seed in self.settings.seeds for arm in arms]
        running: dict[int, Session] = {}
        failed = stopped = False
        while waiting or running:
            stopped = stopped or self.program.stopped
            ready = None if stopped else self._next(waiting, running)
            if ready and len(running) < self.settings.jobs:
                waiting.remove(ready)
                with suppress(Stopped):
                    session = self._begin(ready)
                    if session:
                        running[session.process.pid] = session
                continue
            if not running:
                break
            ended = self.program.wait_for_any()
            session = running.pop(ended.pid)
            session.process.returncode = ended.code  # it was waited for above
            session.note(ended.wall_seconds, ended.cpu_seconds)
            if ended.code == 0:
                self._complete(session.training)
            elif ended.code in (INTERRUPTED, -15):
                stopped = True
            else:
                failed = True
                log = session.training.folder / "train.log"
                complain(f"the training of '{session.training.arm.name}' failed: see {log}")
            session.close()
        if stopped or self.program.stopped:
            raise Stopped
        if failed:
            raise Refused("a training failed; the same command tries it again, and keeps the others.")

    def _next(self, waiting: list[Training], running: "dict[int, Session]") -> Training | None:
        """The first training whose base, where it branches off, is not being trained just now."""
        busy = {(s.training.arm.name, s.training.seed) for s in running.values()}
        for training in waiting:
            branch = training.arm.branch
            if not branch or (branch.arm, training.seed) not in busy:
                return training
        return None

    def _begin(self, training: Training) -> "Session | None":
        """Starts or continues a training; `None` where there is nothing to do here."""
        folder = training.folder
        folder.mkdir(parents=True, exist_ok=True)
        # Two drivers may divide the work: each arm is trained by one of them. The training inherits the lock,
        # so that it is held as long as the training lives.
        lock = (folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            say(f"{training.title}: another process trains it")
            return None
        if training.record():
            lock.close()
            say(f"{training.title}: done before")
            return None
        resolved = self.resolve(training.arm, training.seed)
        write_whole(folder / "configuration.json", json.dumps(resolved.configuration, indent=1) + "\n")
        log = (folder / "train.log").open("a")
        # With one training at a time, its progress is shown.
        errors = log if self.settings.jobs > 1 else None
        try:
            process = self.program.start(["train", *self._start(training)], log, errors, (lock.fileno(),))
        except BaseException:
            log.close()
            lock.close()
            raise
        return Session(training, process, lock, log)

    def _start(self, training: Training) -> list[str]:
        """The arguments that continue a training, or start it."""
        run = training.newest_run()
        if run:
            say(f"{training.title}: continuing {run}")
            device = f"execution.device={self.settings.device}"
            threads = f"execution.threads={self.settings.threads}"
            dataset = str(self.datasets.folder(training.arm.dataset))
            return [dataset, "--resume", str(run), "--set", device, "--set", threads]
        say(f"{training.title}: training in {training.folder}")
        shutil.rmtree(training.folder / "runs", ignore_errors=True)
        arguments = [*self.arguments(training.arm, training.seed), "-o", str(training.folder / "runs")]
        checkpoint = self._base_checkpoint(training)
        if checkpoint:
            shown = os.path.relpath(checkpoint, self.settings.out)
            say(f"{training.title}: branching off from {shown}")
            arguments += ["--from", str(checkpoint)]
        return arguments

    def _base_checkpoint(self, training: Training) -> Path | None:
        """The checkpoint that an arm may continue from, where the arm that it branches off is done."""
        branch = training.arm.branch
        if not branch:
            return None
        base = self.training(self.table[branch.arm], training.seed)
        record = base.record()
        if not record:
            return None
        configuration = self.resolve(base.arm, base.seed).configuration
        patches = branch.epoch * configuration["data"]["patchesPerEpoch"]
        iteration = -(-patches // configuration["batchSize"])
        file = self.settings.out / record["run"] / f"checkpoints/checkpoint-{iteration:08d}.safetensors"
        return file if file.exists() else None

    def _complete(self, training: Training) -> None:
        run = training.newest_run()
        if not run:
            raise Refused(f"{training.folder} holds no checkpoint, though its training ended well.")
        last = (run / "stats.jsonl").read_text(encoding="utf-8").splitlines()[-1]
        log = (run / "log.txt").read_text(encoding="utf-8", errors="replace")
        origins = [line.split("branched off from ", 1)[1] for line in log.splitlines() if "branched off from " in line]
        sessions = [line.split() for line in (training.folder / "sessions.txt").read_text().splitlines()]
        commit = subprocess.run(
            ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        )
        record = {
            "arm": training.arm.name,
            "seed": training.seed,
            "run": os.path.relpath(run, self.settings.out),
            "dataset": training.arm.dataset,
            "changes": training.arm.differences,
            "iterations": json.loads(last)["step"],
            "branchedFrom": origins[-1] if origins else None,
            "wallMinutes": round(sum(float(wall) for wall, _ in sessions) / 60, 1),
            "cpuMinutes": round(sum(float(cpu) for _, cpu in sessions) / 60, 1),
            "device": self.resolve(training.arm, training.seed).device,
            "threads": self.settings.threads,
            "machine": machine(),
            "program": self.program.run("--version").split("\n", 1)[0],
            "commit": commit.stdout.strip() or None,
            "finished": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        }
        write_whole(training.folder / "done.json", json.dumps(record, indent=1) + "\n")
        say(f"{training.title}: done")

    # --- Samples ----------------------------------------------------------------------------------------

    def maps_folder(self, training: Training) -> Path:
        return training.folder / f"maps-{self.settings.pick}-{self.settings.count}"

    def generate(self, training: Training) -> None:
        """Draws the samples of a finished training; continues where it was stopped."""
        record = training.record()
        assert record is not None, "only finished trainings are sampled"
        name = "model-best.safetensors" if self.settings.pick == "best" else "model.safetensors"
        model = self.settings.out / record["run"] / name
        if not model.is_file():
            raise Refused(f"{model} is not there: train with evaluation.everyEpochs, or leave out PICK.")
        self._generate(model, self.maps_folder(training))

    def generate_given(self, name: str) -> Path:
        """The folder of the samples of a model that was trained elsewhere, of the experiment's size."""
        model = self.settings.models[name]
        digest = hashlib.sha256(model.read_bytes()).hexdigest()[:12]
        folder = self.settings.out / f"sets/maps-{name}-{digest}-{self.settings.count}"
        self._generate(model, folder, "--size", self.settings.size)
        return folder

    def _generate(self, model: Path, folder: Path, *more: object) -> None:
        with suppress(FileNotFoundError, ValueError):
            if json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("isComplete"):
                return
        options = ["--count", self.settings.count, "--seed", 1, "--format", "npy", "--device", self.settings.device]
        self.program.run("generate", model, "-o", folder, *options, *more)


@dataclass
class Session:
    """A training that runs now."""

    training: Training
    process: "subprocess.Popen[str]"
    lock: IO[str]
    log: IO[str]

    def note(self, wall_seconds: float, cpu_seconds: float) -> None:
        """Adds to the time of all sessions of this training: wall and CPU seconds, one session per line."""
        with (self.training.folder / "sessions.txt").open("a") as file:
            file.write(f"{wall_seconds:.1f} {cpu_seconds:.2f}\n")

    def close(self) -> None:
        self.log.close()
        self.lock.close()


def identity(configuration: dict[str, Any]) -> dict[str, Any]:
    """The part of a configuration that changes a training's result: no device, threads or pictures."""
    kept = {k: v for k, v in configuration.items() if k not in ("output", "execution", "evaluation")}
    # Evaluations matter only where they may end a run.
    patience = configuration["evaluation"]["patienceEvaluations"]
    return {**kept, "patienceEvaluations": patience} if patience > 0 else kept


def planned(resolved: Resolved, times: dict[str, float], minutes: float, cores: int) -> dict[str, float]:
    """How many iterations of all epochs fit into a budget, from the measured times of an iteration."""
    configuration = resolved.configuration
    # On a CPU the processor's seconds count, which other work on the machine does not change.
    on_cpu = resolved.device == "cpu"
    suffix = "_cpu_seconds" if on_cpu else "_seconds"
    chance = configuration["cutMix"]["probability"]
    seconds = (1 - chance) * times["plain" + suffix] + chance * times["cutmix" + suffix]
    if on_cpu:
        seconds /= cores
    epochs = configuration["epochs"]
    # A tenth is for snapshots, checkpoints and evaluations.
    iterations = max(1, int(0.9 * minutes * 60 / seconds / epochs))
    return {
        "seconds": seconds,
        "iterations": iterations * epochs,
        "patchesPerEpoch": iterations * configuration["batchSize"],
    }


def machine() -> str:
    """The processor, its threads, and the GPU where there is one."""
    names = [
        line.split(":", 1)[1]
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    text = f"{' '.join(names[0].split()) if names else 'unknown processor'}, {len(os.sched_getaffinity(0))} threads"
    with suppress(OSError):
        query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
        gpus = subprocess.run(query, capture_output=True, text=True, check=False)
        if gpus.returncode == 0 and gpus.stdout.strip():
            text += ", " + gpus.stdout.splitlines()[0].strip()
    return text


def announce(arms: list[Arm]) -> None:
    step("Arms: " + (" ".join(arm.name for arm in arms) or "none"))
