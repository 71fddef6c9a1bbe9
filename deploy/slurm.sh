#!/usr/bin/env bash
# An array job of 64 tasks, each of which answers its share of the shards: sbatch deploy/slurm.sh IN OUT
#SBATCH --job-name=korex
#SBATCH --array=0-63%32
#SBATCH --cpus-per-task=2
#SBATCH --mem=3G
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --output=korex-%A_%a.log
set -euo pipefail
in=${1:?the input: a folder, a pattern or an s3:// address}
out=${2:?the folder or s3:// address of the results}

status=0
srun korex batch "$in" "$out" --shard auto --threads "${SLURM_CPUS_PER_TASK:-2}" --lang en || status=$?

# 75 means that the same may go well later; Slurm begins a task anew only when it is told to.
if [ "$status" -eq 75 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
fi
exit "$status"
