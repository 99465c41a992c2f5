"""The arms of the experiment: what each is trained on, and how its configuration differs from the base."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reproduce.settings import Refused

DATASETS = ("nine", "left", "open")
GROUPS = {
    "table1": ["model"],
    "table2": ["model", "always-filter", "single-scale"],
    "none": [],
}


@dataclass(frozen=True)
class Branch:
    """The arm and the epoch whose checkpoint another arm continues from."""

    arm: str
    epoch: int


@dataclass(frozen=True)
class Arm:
    name: str
    dataset: str
    changes: tuple[str, ...]
    what: str
    branch: Branch | None = None

    @property
    def differences(self) -> list[str]:
        """What the page shows of the arm's configuration."""
        start = [f"from={self.branch.arm}@{self.branch.epoch}"] if self.branch else []
        return [*start, *self.changes]


class ArmTable:
    """All arms of a TOML file, in its order.

    Raises `Refused` where the file is not such a table.
    """

    def __init__(self, path: Path) -> None:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise Refused(f"{path}: there is no such file.") from None
        except (OSError, ValueError) as error:
            raise Refused(f"{path}: {error}") from None
        self.arms = {name: _arm(path, name, values) for name, values in content.items()}
        if "model" not in self.arms:
            raise Refused(f"{path}: there is no arm 'model', the full recipe.")
        for arm in self.arms.values():
            if arm.branch and arm.branch.arm not in self.arms:
                raise Refused(f"{path}: [{arm.name}] branches off '{arm.branch.arm}', which is not in it.")

    def __getitem__(self, name: str) -> Arm:
        return self.arms[name]

    def select(self, names: Iterable[str]) -> list[Arm]:
        """Arms by name or group, each once, in the given order; those that branch off another come last."""
        chosen: dict[str, Arm] = {}
        groups = {**GROUPS, "all": list(self.arms)}
        for name in names:
            for member in groups.get(name, [name]):
                if member not in self.arms:
                    known = " ".join([*self.arms, *groups])
                    raise Refused(f"ARMS: there is no arm '{member}'; choose from: {known}")
                chosen[member] = self.arms[member]
        return sorted(chosen.values(), key=lambda arm: arm.branch is not None)

    def kept_epochs(self, name: str) -> list[int]:
        """The epochs of an arm whose checkpoints other arms continue from."""
        branches = (arm.branch for arm in self.arms.values())
        return sorted({branch.epoch for branch in branches if branch and branch.arm == name})


def _arm(path: Path, name: str, values: object) -> Arm:
    def fault(text: str) -> Refused:
        return Refused(f"{path}: [{name}] {text}")

    if not isinstance(values, dict):
        raise fault("must be a table of dataset, changes, what.")
    unknown = set(values) - {"dataset", "changes", "what", "branch"}
    if unknown:
        raise fault(f"has no setting '{sorted(unknown)[0]}': dataset, changes, what and branch are known.")
    dataset, changes, what = values.get("dataset"), values.get("changes", []), values.get("what", "")
    if dataset not in DATASETS:
        raise fault(f"dataset is {dataset!r}: give one of {', '.join(DATASETS)}.")
    if not isinstance(changes, list) or not all(isinstance(c, str) and "=" in c for c in changes):
        raise fault('changes must be a list of "KEY=VALUE".')
    if not isinstance(what, str):
        raise fault("what must be text.")
    branch = None
    if "branch" in values:
        given = values["branch"]
        if not isinstance(given, dict) or set(given) != {"arm", "epoch"}:
            raise fault('branch must be { arm = "NAME", epoch = N }.')
        if not isinstance(given["epoch"], int) or given["epoch"] < 1:
            raise fault(f"branch.epoch is {given['epoch']!r}: give a whole number above 0.")
        branch = Branch(str(given["arm"]), given["epoch"])
    return Arm(name, dataset, tuple(changes), what, branch)
