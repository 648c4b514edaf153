# SPDX-License-Identifier: MIT
"""Finds the precursors of microRNAs in a genome."""
from snakemake.shell import shell

log = snakemake.log_fmt_shell(stdout=False, stderr=True)
extra = snakemake.params.get("extra", "")
model = snakemake.input.get("model", "")
if model:
    model = f"--model '{model}'"
multiqc = snakemake.output.get("multiqc", "")
if multiqc:
    multiqc = f"--multiqc '{multiqc}'"

shell(
    "deepmirgene scan {extra} {model} {multiqc} --threads {snakemake.threads}"
    " --output '{snakemake.output.loci}' '{snakemake.input.fasta}' {log}"
)
