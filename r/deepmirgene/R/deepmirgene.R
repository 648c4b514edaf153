# SPDX-License-Identifier: MIT
# Records are a path, or sequences as a character vector (or a Biostrings set), whose names are ids.

thread_count <- function(threads) {
    if (is.null(threads)) return(0L)
    threads <- as.integer(threads)
    if (length(threads) != 1 || is.na(threads) || threads < 1)
        stop("threads must be a whole number of at least 1, or NULL for all processors")
    threads
}

# A single text that is not made of nucleotide letters is the path of a file.
is_path <- function(x) {
    is.character(x) && length(x) == 1 && is.null(names(x)) && !is.na(x) &&
        !grepl("^[ACGTURYSWKMBDHVNXI]+$", x, ignore.case = TRUE)
}

as_sequences <- function(x) {
    if (inherits(x, "XStringSet")) x <- as.character(x)
    if (is.list(x)) x <- vapply(x, as.character, "")
    if (!is.character(x)) stop("expected a path, or sequences as a character vector")
    if (anyNA(x)) stop("sequence ", which(is.na(x))[1], " is NA")
    ids <- names(x)
    if (is.null(ids)) ids <- as.character(seq_along(x))
    list(ids = ids, sequences = unname(x))
}

classify <- function(x, model, threads, threshold, prior, mature) {
    records <- if (is_path(x)) list(ids = path.expand(x), sequences = NULL) else as_sequences(x)
    .Call(C_classify, records$ids, records$sequences, model, thread_count(threads),
          as.double(threshold), if (is.null(prior)) 0 else as.double(prior), isTRUE(mature))
}

predict_premirna <- function(x, model = "general", threads = NULL, threshold = 0.5,
                             prior = NULL, mature = FALSE) {
    rows <- classify(x, model, threads, threshold, prior, mature)
    as.data.frame(rows[c("id", "length", "p_mirna", "call", "mfe", "structure", "flags",
                         "hairpin_start", "hairpin_end",
                         if (isTRUE(mature)) c("mature_5p", "p_5p", "mature_3p", "p_3p"))],
                  stringsAsFactors = FALSE)
}

fold_rna <- function(x, threads = NULL) {
    rows <- classify(x, NULL, threads, 0.5, NULL, FALSE)
    as.data.frame(rows[c("id", "sequence", "structure", "mfe")], stringsAsFactors = FALSE)
}

as_granges <- function(loci) {
    if (!requireNamespace("GenomicRanges", quietly = TRUE))
        stop("as = \"GRanges\" needs the package GenomicRanges")
    ranges <- GenomicRanges::GRanges(loci$seqid, IRanges::IRanges(loci$start, loci$end),
                                     loci$strand)
    placed <- c("seqid", "start", "end", "strand", "length")
    GenomicRanges::mcols(ranges) <- loci[setdiff(names(loci), placed)]
    ranges
}

# The columns of `deepmirgene scan --format tsv`, which come as texts.
as_loci <- function(cells) {
    texts <- c("seqid", "strand", "sequence", "structure")
    numbers <- setdiff(names(cells), c(texts, "mature_5p", "mature_3p"))
    unknown <- setdiff(names(cells), texts)
    cells[unknown] <- lapply(cells[unknown], function(cell) replace(cell, cell == "NA", NA))
    cells[numbers] <- lapply(cells[numbers], as.numeric)
    as.data.frame(cells, stringsAsFactors = FALSE)
}

scan_genome <- function(x, model = "general", threads = NULL, threshold = NULL,
                        strand = c("both", "plus", "minus"), circular = FALSE, decoys = NULL,
                        fdr = NULL, prevalence = NULL, long_span = NULL, mature = FALSE,
                        as = c("data.frame", "GRanges")) {
    strand <- match.arg(strand)
    as <- match.arg(as)
    records <- if (is_path(x)) list(ids = path.expand(x), sequences = NULL) else as_sequences(x)
    cells <- .Call(C_scan, records$ids, records$sequences, model, thread_count(threads),
                   threshold, strand != "minus", strand != "plus", isTRUE(circular), decoys, fdr,
                   prevalence, long_span, isTRUE(mature))
    loci <- as_loci(cells)
    if (as == "GRanges") as_granges(loci) else loci
}

explain <- function(x, model = "general", file = tempfile(fileext = ".html"), mutations = 400,
                    threads = NULL) {
    records <- as_sequences(x)
    if (length(records$sequences) != 1)
        stop("explain takes one sequence, not ", length(records$sequences))
    .Call(C_explain, records$ids, records$sequences, model, path.expand(file),
          as.integer(mutations), thread_count(threads))
    invisible(file)
}

builtin_models <- function() .Call(C_builtin_models)
