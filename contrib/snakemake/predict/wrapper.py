# SPDX-License-Identifier: MIT
"""Classifies sequences as precursors of microRNAs or others."""
from snakemake.shell import shell

log = snakemake.log_fmt_shell(stdout=False, stderr=True)
extra = snakemake.params.get("extra", "")
model = snakemake.input.get("model", "")
report = snakemake.output.get("report", "")
if model:
    model = f"--model '{model}'"
if report:
    report = f"--report '{report}'"

shell(
    "deepmirgene predict {extra} {model} {report} --threads {snakemake.threads}"
    " --output '{snakemake.output.predictions}' '{snakemake.input.fasta}' {log}"
)
