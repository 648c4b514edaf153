bench/run.py: what is measured, and what is left out where a program is missing.

    $ build=$(dirname "$(dirname "$(readlink -f "$(command -v deepmirgene)")")")
    > echo "exec '$DMG_SOURCE/bench/run.py' '$build' --quick --only"' "$@"' >measure

== Programs that are not found are named and left out

    $ SPARSERNAFOLD=no-such-program sh measure exact | tail -n 2
    | what | bar | goal | measured |
    |---|---|---|---|
    ! left out: no program SparseRNAFolD (SPARSERNAFOLD names it)
    ! left out: no program SparseRNAFolD (SPARSERNAFOLD names it)
