# SPDX-License-Identifier: MIT
library(deepmirgene)

let7 <- paste0("UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAU",
               "ACAAUCUACUGUCUUUCCUA")

fails <- function(expression, pattern) {
    message <- tryCatch({ expression; "" }, error = conditionMessage)
    if (!grepl(pattern, message)) stop("expected '", pattern, "', got '", message, "'")
}

# Memory and file, one thread and several: the same rows, in order.
generator <- function(n) paste(sample(c("A", "C", "G", "U"), n, TRUE), collapse = "")
set.seed(1)
records <- vapply(c(60, 90, 0, 1, 120), generator, "")
names(records) <- paste0("r", seq_along(records))
file <- tempfile(fileext = ".fa")
writeLines(paste0(">", names(records), "\n", records), file)
rows <- predict_premirna(records, threads = 1)
stopifnot(identical(rows, predict_premirna(file, threads = 2)),
          identical(rows$id, names(records)), identical(rows$length, nchar(unname(records)) + 0),
          is.na(rows$p_mirna[3]), is.na(rows$call[3]), rows$flags[3] == "empty",
          !is.na(rows$p_mirna[-3]))

# Known answers.
folded <- fold_rna("GGGGAAAACCCC")
stopifnot(folded$structure == "((((....))))", folded$mfe == -5.4, folded$id == "1")
human <- predict_premirna(c(let7 = let7), model = "human")
stopifnot(abs(human$p_mirna - 0.814182) < 1e-6, human$call == "pre-miRNA", human$mfe == -34.2)
many <- rep("GGGGAAAACCCC", 10000)
stopifnot(nrow(fold_rna(many)) == 10000)

# Scanning.
genome <- c(chr = paste0(generator(300), let7, generator(300)))
loci <- scan_genome(genome, threshold = 0.5, threads = 1)
stopifnot(nrow(loci) >= 1, identical(loci, scan_genome(genome, threshold = 0.5, threads = 2)),
          all(loci$seqid == "chr"), all(nchar(loci$sequence) == loci$end - loci$start + 1),
          any(loci$start <= 320 & loci$end >= 360))
stopifnot(nrow(scan_genome(c(a = strrep("A", 100)))) == 0)

# Mature sequences: let-7a-5p begins at 6 of its hairpin, which begins at 301 of the genome.
arms <- predict_premirna(c(let7 = let7, short = "GGGGAAAACCCC"), mature = TRUE)
stopifnot(arms$mature_5p[1] == "6-27", arms$p_5p[1] > 0.9, is.na(arms$mature_5p[2]),
          is.na(arms$p_3p[2]), !"mature_5p" %in% names(rows))
found <- scan_genome(genome, threshold = 0.5, strand = "plus", mature = TRUE, threads = 1)
stopifnot(any(found$mature_5p == "307-327"), is.numeric(found$p_5p), is.numeric(found$start))

# Ranges of Bioconductor.
if (requireNamespace("GenomicRanges", quietly = TRUE)) {
    ranges <- scan_genome(genome, threshold = 0.5, mature = TRUE, as = "GRanges")
    loci <- scan_genome(genome, threshold = 0.5, mature = TRUE)
    stopifnot(inherits(ranges, "GRanges"), length(ranges) == nrow(loci),
              identical(GenomicRanges::start(ranges), as.integer(loci$start)),
              identical(as.character(GenomicRanges::strand(ranges)), loci$strand),
              identical(ranges$p_mirna, loci$p_mirna), identical(ranges$mature_5p, loci$mature_5p))
} else {
    message("skipped: ranges, for GenomicRanges is not installed")
}

# Explaining.
page <- explain(c("let-7" = let7), mutations = 0)
stopifnot(grepl("let-7", paste(readLines(page), collapse = "")))

# Mistakes.
fails(predict_premirna(c(bad = "ACG!")), "record 'bad': '!'")
fails(predict_premirna("nowhere.fa"), "nowhere.fa")
fails(predict_premirna(let7, threads = 0), "threads")
fails(predict_premirna(let7, model = "no-such-model"), "no-such-model")
fails(predict_premirna(c("ACGU", NA)), "NA")
fails(scan_genome(genome, threshold = 2), "threshold")
fails(explain(c(let7, let7)), "one sequence")
stopifnot(builtin_models()[1] == "general")
