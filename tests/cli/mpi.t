A scan by the ranks of an MPI run; skipped where there is no mpirun, in a program built without MPI,
and under sanitizers, which do not go together with Open MPI.

    $ [ -z "$DMG_SANITIZED" ] && command -v mpirun >/dev/null || exit 77
    $ cat >ranks <<'END'
    > #!/bin/sh
    > export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    >     OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_btl=self,vader \
    >     OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_orte_tmpdir_base=/tmp
    > ranks=$1; shift
    > exec mpirun --oversubscribe -n $ranks deepmirgene scan --mpi "$@"
    > END
    $ chmod +x ranks; random-fasta 12 9000 9000 >genome.fa
    $ deepmirgene scan --mpi genome.fa 2>&1 | grep -q 'without MPI' && exit 77 || true
    $ deepmirgene scan genome.fa --threshold 0.3 --decoy 1 -o whole 2>/dev/null

== The same bytes from any number of ranks and threads

    $ for ranks in 1 2 3 4 5; do
    >     ./ranks $ranks genome.fa --threshold 0.3 --decoy 1 --chunk 3000 -o out 2>/dev/null || echo $?
    >     cmp out whole; ls out*; rm out
    > done | uniq
    out
    $ ./ranks 3 genome.fa --threads 2 --threshold 0.3 --decoy 1 --chunk 1000 -o out 2>&1 | grep -c ' loci in 12 sequences'
    1
    $ cmp out whole

== Shards of ranks

    $ for i in 1 2; do ./ranks 3 genome.fa --threshold 0.3 --decoy 1 --chunk 3000 --shard $i/2 -o part$i; done
    $ deepmirgene merge part1 part2 -o out 2>/dev/null; cmp out whole

== A wrong input is told once

    $ ./ranks 3 none.fa 2>&1 | grep deepmirgene
    deepmirgene scan: none.fa: cannot open: No such file or directory

== A rank that dies ends the run, which can be taken up again by any number

    $ cat >kill-one <<'END'
    > import glob, os, signal, subprocess, time
    > run = subprocess.Popen(["./ranks", "3", "genome.fa", "--threshold", "0.3", "--decoy", "1", "--chunk", "500", "-o", "out"],
    >                        stderr=subprocess.PIPE, text=True)
    > while not os.path.exists("out.journal") or os.path.getsize("out.journal") < 5000:
    >     time.sleep(0.001)
    > me = os.getpid()
    > def parent(pid):
    >     return int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
    > def rank(pid):
    >     for entry in open(f"/proc/{pid}/environ").read().split("\0"):
    >         if entry.startswith("OMPI_COMM_WORLD_RANK="):
    >             return int(entry.split("=")[1])
    > for path in glob.glob("/proc/[0-9]*"):
    >     pid = int(path[6:])
    >     try:
    >         if parent(pid) == run.pid and rank(pid) == 2:
    >             os.kill(pid, signal.SIGKILL)
    >     except OSError:
    >         pass
    > words = run.communicate()[1]
    > print("exit", run.returncode != 0)
    > # The message does not always arrive: mpirun is ending all ranks meanwhile.
    > said = [line for line in words.splitlines() if line.startswith("deepmirgene")]
    > print(all("deepmirgene scan: stopped, on request or because a rank has died; run the same" in line for line in said))
    > END
    $ python3 kill-one
    exit True
    True
    $ ls out*
    out.journal
    $ ./ranks 2 genome.fa --threshold 0.3 --decoy 1 --chunk 500 -o out --resume 2>/dev/null; cmp out whole
