"""The steps of the experiment, in order."""

from reproduce.arms import ArmTable
from reproduce.datasets import Datasets
from reproduce.evaluation import Evaluations
from reproduce.page import Page
from reproduce.program import Program, Stopped, complain, step
from reproduce.settings import Refused, Settings
from reproduce.training import INTERRUPTED, Experiment, announce


def main() -> int:
    """Returns the exit code: 0, 1 for what cannot be, 130 after Ctrl-C or SIGTERM."""
    try:
        settings = Settings.read()
        table = ArmTable(settings.arm_table)
        arms = table.select(settings.arms)
        settings.check_files()
        program = Program(settings.ganinsar)
        program.catch_signals()
        settings.out.mkdir(parents=True, exist_ok=True)

        step("Datasets")
        datasets = Datasets(settings, program)
        datasets.prepare_all()
        if "data" in settings.steps:
            step("Reference and simulated sets")
            datasets.draw_reference()
            datasets.simulate_sets()
        announce(arms)
        experiment = Experiment(settings, program, datasets, table)
        experiment.plan()
        if "train" in settings.steps:
            experiment.train(arms)
        evaluations = Evaluations(settings, program, experiment)
        if "evaluate" in settings.steps:
            step("Evaluation")
            evaluations.measure_all()
        if "report" in settings.steps:
            step("Report")
            evaluations.draw_figures()
            Page(settings, experiment, evaluations).write()
    except Refused as error:
        complain(str(error))
        return 1
    except Stopped:
        complain("stopped; the same command continues from here.")
        return INTERRUPTED
    return 0
