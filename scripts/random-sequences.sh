#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints random sequences of 20 to 219 nucleotides as FASTA, the same ones every time, to compare
# builds of the program. One letter in a thousand is N.
#
#     scripts/random-sequences.sh COUNT
set -eu
awk -v count="${1:?usage: scripts/random-sequences.sh COUNT}" 'BEGIN {
    srand(1)
    for (k = 1; k <= count; k++) {
        s = ""
        for (n = 20 + int(200 * rand()); n > 0; n--)
            s = s (rand() < 0.001 ? "N" : substr("ACGU", 1 + int(4 * rand()), 1))
        printf ">r%d\n%s\n", k, s
    }
}'
