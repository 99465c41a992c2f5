#!/usr/bin/env bash
#SBATCH --array=0-7
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
# A training set by an array of jobs: each makes an eighth of the maps and of the samples, in the same folders.
#
#   sbatch python/examples/slurm_array.sh [MAPS] [FOLDER]
#
# A job that was killed continues when it is submitted again. Samples need all maps, so they are made by a second array:
#   sbatch --dependency=afterok:FIRST --export=ALL,STEP=samples python/examples/slurm_array.sh
set -euo pipefail
maps=${1:-10000}
folder=${2:-$PWD}
shard=$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
if [ "${STEP:-maps}" = maps ]; then
  ganinsar generate -o "$folder/maps" --count "$maps" --seed 1 --shard "$shard" --quiet
else
  ganinsar dataset "$folder/maps" -o "$folder/training" --recipe unwrapping --seed 1 --shard "$shard" --quiet
fi
