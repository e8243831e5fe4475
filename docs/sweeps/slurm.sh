#!/bin/bash
# Workers of an Orbit Lab sweep as a SLURM job array: sbatch slurm.sh
# (docs/sweeps.md says what has to be there before.)
#SBATCH --job-name=orbit-lab
#SBATCH --array=0-7
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=6G
#SBATCH --time=04:00:00
# Two minutes before the time is up, the batch shell is told; it tells the worker, which gives its jobs back.
#SBATCH --signal=B:TERM@120
# Preempted or on a node that fails, it is queued again: nothing but the epoch that was running is lost.
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=orbit-lab-%A_%a.log
set -euo pipefail

# The sweep's queue, its store, and the lab: the same for all nodes.
: "${ORBIT_LAB_QUEUE:?such as redis://login1.cluster:6379/0}"
: "${ORBIT_LAB_STORE:?a folder on a disk that all nodes share, or s3://bucket/prefix}"
: "${ORBIT_LAB_HOME:?the folder of the lab, with node_modules}"
: "${ORBIT_LAB_REDIS_PASSWORD:=$(cat "$HOME/.orbit-lab-redis")}" # chmod 600
export ORBIT_LAB_REDIS_PASSWORD

cd "$ORBIT_LAB_HOME"
# With --until-done it ends, and frees its node, when no job is left for it.
node scripts/lab.mjs worker "$ORBIT_LAB_QUEUE" --store "$ORBIT_LAB_STORE" \
  --jobs "${SLURM_CPUS_PER_TASK:-2}" --until-done &
worker=$!
trap 'kill -TERM "$worker" 2>/dev/null' TERM INT
# A signal ends the first wait; the second one waits for the worker to have given its jobs back.
code=0
wait "$worker" || code=$?
if kill -0 "$worker" 2>/dev/null; then
  code=0
  wait "$worker" || code=$?
fi
exit "$code"
