# SPDX-License-Identifier: MIT
# The R door: Rscript door.R predict|scan FILE prints what the program prints.
library(deepmirgene, lib.loc = Sys.getenv("DMG_R_LIBRARY"))

arguments <- commandArgs(TRUE)
text <- function(values, format) ifelse(is.na(values), "NA", sprintf(format, values))
if (arguments[1] == "predict") {
    rows <- predict_premirna(arguments[2], model = "human", mature = TRUE)
    cat("id\tlength\tp_mirna\tcall\tmfe\tstructure\tflags\thairpin_start\thairpin_end\t",
        "mature_5p\tp_5p\tmature_3p\tp_3p\n", sep = "")
    cat(sprintf("%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", rows$id, as.integer(rows$length),
                text(rows$p_mirna, "%.6g"), text(rows$call, "%s"), text(rows$mfe, "%.2f"),
                ifelse(is.na(rows$call), "NA", rows$structure),
                ifelse(rows$flags == "", "-", rows$flags), text(rows$hairpin_start, "%.0f"),
                text(rows$hairpin_end, "%.0f"), text(rows$mature_5p, "%s"),
                text(rows$p_5p, "%.3f"), text(rows$mature_3p, "%s"), text(rows$p_3p, "%.3f")),
        sep = "")
} else {
    loci <- scan_genome(arguments[2], model = "human", threshold = 0.5, mature = TRUE)
    members <- lapply(names(loci), function(name) {
        cells <- loci[[name]]
        sprintf(if (is.numeric(cells)) "\"%s\": %.6g" else "\"%s\": \"%s\"", name, cells)
    })
    known <- lapply(loci, Negate(is.na))
    for (i in seq_len(nrow(loci))) {
        found <- mapply(function(member, there) if (there[i]) member[i], members, known)
        cat("{", paste(unlist(found), collapse = ", "), "}\n", sep = "")
    }
}
