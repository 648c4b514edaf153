# SPDX-License-Identifier: MIT
# The R door: Rscript door.R predict|scan FILE prints what the program prints.
library(deepmirgene, lib.loc = Sys.getenv("DMG_R_LIBRARY"))

arguments <- commandArgs(TRUE)
text <- function(values, format) ifelse(is.na(values), "NA", sprintf(format, values))
if (arguments[1] == "predict") {
    rows <- predict_premirna(arguments[2], model = "human")
    cat("id\tlength\tp_mirna\tcall\tmfe\tstructure\tflags\thairpin_start\thairpin_end\n")
    cat(sprintf("%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", rows$id, as.integer(rows$length),
                text(rows$p_mirna, "%.6g"), text(rows$call, "%s"), text(rows$mfe, "%.2f"),
                ifelse(is.na(rows$call), "NA", rows$structure),
                ifelse(rows$flags == "", "-", rows$flags), text(rows$hairpin_start, "%.0f"),
                text(rows$hairpin_end, "%.0f")), sep = "")
} else {
    loci <- scan_genome(arguments[2], model = "human", threshold = 0.5)
    cat(sprintf("{\"start\": %d, \"end\": %d, \"strand\": \"%s\", \"p_mirna\": %.6g}\n",
                as.integer(loci$start), as.integer(loci$end), loci$strand, loci$p_mirna), sep = "")
}
