bench/run.py: what is measured, and what is skipped where something is missing.

    $ build=$(dirname "$(dirname "$(readlink -f "$(command -v deepmirgene)")")")
    > echo "exec '$DMG_SOURCE/bench/run.py' '$build' --quick --only"' "$@" 2>/dev/null' >measure

== A row whose peer is not found says so, and keeps its bar and goal

    $ RNAFOLD=no-such-program SPARSERNAFOLD=no-such-program sh measure fold | sed 1,2d
    | what | bar | goal | measured |
    |---|---|---|---|
    | fold, 110 nt random, one thread, against RNAfold 2.7.1 | 150x | 220x | skipped: RNAfold 2.7.1 not found |
    | fold, 110 nt random, one thread, against RNAfold 2.4.18 | 75x | 120x | skipped: RNAfold 2.4.18 not found |
    | fold, 110 nt random, one thread, against SparseRNAFolD | 85x | 120x | skipped: SparseRNAFolD not found |
    | fold, 400 nt random, one thread, against RNAfold 2.7.1 | 150x | 300x | skipped: RNAfold 2.7.1 not found |
    | fold, 400 nt random, one thread, against RNAfold 2.4.18 | 100x | 180x | skipped: RNAfold 2.4.18 not found |
    | fold, 1000 nt random, one thread, against RNAfold 2.7.1 | 150x | 300x | skipped: RNAfold 2.7.1 not found |
    | fold, 1000 nt random, one thread, against RNAfold 2.4.18 | 100x | 180x | skipped: RNAfold 2.4.18 not found |
    | fold, 3000 nt random, one thread, against RNAfold 2.4.18 | 150x | 200x | skipped: RNAfold 2.4.18 not found |
    | fold, 3000 nt random, one thread, against SparseRNAFolD | 110x | 150x | skipped: SparseRNAFolD not found |

== And so do one that needs the published data, and one of a build that was not made

    $ for part in network commands platforms; do sh measure $part | sed 1,4d; done |
    >     cut -d '|' -f 5 | sort | uniq -c | sed 's/^ *//'
    2  skipped: build for WebAssembly not found 
    2  skipped: build for aarch64 not found 
    18  skipped: published data not found 
