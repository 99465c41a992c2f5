"""The paper's experiment on public scenes, from rasters to tables; docs/reproduce.md describes it.

    python3 scripts/reproduce       all of it; the same command continues after any interruption

Settings are environment variables (make reproduce SIZE=64 BUDGET=110 ARMS="model encoder"):

    SIZE=64|128|256   pixels along each side of a patch
    BUDGET=minutes    training time per arm; without it, the configuration's own length
    ARMS=names        of scripts/reproduce/arms.toml; table1, table2, all (default) or none
    SEEDS="0 1"       one training for each seed
    PRESETS=names     of simulators (default: all)
    MODELS=names      NAME=FILE of models trained elsewhere, for Table I (default: none)
    COUNT=2000        samples in each set
    SCENES=folder     with permissive/, measure-only/ and dem/ (default ../shared/data)
    CONFIG=file       the base configuration (default configs/small.yaml, configs/reproduce-SIZE.yaml)
    EXTRA="KEY=VALUE" more changes to the base, for all arms
    WEIGHTS=file      Inception weights (default: where 'ganinsar evaluate' looks for them)
    RESAMPLES=40      draws behind each 95 % interval; 0 for none
    JOBS=2 THREADS=1  trainings at a time, threads of each; DEVICE=auto|cpu|cuda
    PICK=final|best   the model to sample: the last one, or the best by evaluation.everyEpochs
    STEPS="data train evaluate report"
    OUT=folder        datasets, runs, sets, report pages, pictures (default runs/reproduce/SIZE; ignored)
    DOCS=folder       the page and its pictures (default docs/results)
    ARM_TABLE=file    another table of arms
    GANINSAR=file     the program (default .build/release/ganinsar)
    GANINSAR_BENCH=file  measures an iteration for BUDGET (default .build/release/ganinsar-bench)
    PLAN_ITERATIONS=5 iterations that BUDGET is planned by

Needs Python 3.11 and nothing else.
"""
