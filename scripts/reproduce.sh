#!/usr/bin/env bash
# The paper's experiment on public scenes, from rasters to tables: docs/reproduce.md says what it does.
#
#   scripts/reproduce.sh            all of it; the same command goes on after any interruption
#
# Settings are environment variables (make reproduce SIZE=64 BUDGET=110 ARMS="model encoder"):
#   SIZE=64|128|256   pixels a side of a patch
#   BUDGET=minutes    training time an arm; without it the configuration's own length
#   ARMS=names        of scripts/reproduce/arms.txt; table1, table2, all (default) or none
#   SEEDS="0 1"       a training for each
#   PRESETS=names     of simulators (default: all)
#   COUNT=2000        samples of each set
#   SCENES=folder     with permissive/, measure-only/ and dem/ (default ../shared/data)
#   CONFIG=file       the base configuration (default configs/small.yaml, configs/reproduce-SIZE.yaml)
#   EXTRA="KEY=VALUE" more changes to the base, for all arms
#   WEIGHTS=file      Inception weights (default: where 'ganinsar evaluate' looks for them)
#   JOBS=2 THREADS=1  trainings at a time, threads of each; DEVICE=auto|cpu|cuda
#   PICK=final|best   the model that is sampled: at the end, or the best by evaluation.everyEpochs
#   STEPS="data train evaluate report"
#   OUT=folder        datasets, runs, sets, report pages, pictures (default runs/reproduce/SIZE; ignored)
#   DOCS=folder       the page and its pictures (default docs/results)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/reproduce/common.sh
for part in common data train report; do source "$here/scripts/reproduce/$part.sh"; done

check_settings
mkdir -p "$OUT"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
has_step() { [[ " $STEPS " == *" $1 "* ]]; }

step "Datasets"
prepare_datasets
if has_step data; then
  step "Reference and simulated sets"
  draw_reference
  simulate_sets
fi
step "Arms: $(selected_arms | tr '\n' ' ')"
plan_budget
if has_step train; then train_arms; fi
if has_step evaluate; then
  step "Evaluation"
  evaluate_all
fi
if has_step report; then
  step "Report"
  write_report
fi
