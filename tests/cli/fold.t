deepmirgene fold: structures as RNAfold prints them.

== Header, RNA, structure and energy

    $ deepmirgene fold pre-mirnas.fa
    >hsa-let-7a-1 MI0000060 Homo sapiens let-7a-1 stem-loop
    UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA
    (((((.(((((((((((((((((((((.....(((...((((....)))).))))))))))))))))))))))))))))) (-34.20)
    >hsa-mir-21 MI0000077 Homo sapiens miR-21 stem-loop
    UGUCGGGUAGCUUAUCAGACUGAUGUUGACUGUUGAAUCUCAUGGCAACACCAGUCGAUGGGCUGUCUGACA
    ((((((((((((((((.(((((.(((((.((((.((...))))))))))).))))))))))))))))))))) (-34.60)
    >hsa-mir-17 MI0000071 Homo sapiens miR-17 stem-loop
    GUCAGAAUAAUGUCAAAGUGCUUACAGUGCAGGUAGUGAUAUGUGCAUCUACUGCAGUGAAGGCACUUGUAGCAUUAUGGUGAC
    ((((..(((((((..((((((((.((.(((((.(((((.......)).)))))))).)).))))))))...)))))))..)))) (-33.80)
    >cel-lin-4 MI0000002 Caenorhabditis elegans lin-4 stem-loop
    AUGCUUCCGGCCUGUUCCCUGAGACCUCAAGUGUGAGUGUACUAUUGAUGCUUCACACCUGGGCUCUCCGGGUACCAGGACGGUUUGAGCAGAU
    .((((((((.((((..(((.((((.((((.(((((((.((((....).)))))))))).)))).)))).)))...)))).)))...)))))... (-40.50)

== The whole header is kept, T becomes U, lower case stays

    $ printf '>id  and a  description\nGGGGttttCCCc\n' | deepmirgene fold -
    >id  and a  description
    GGGGuuuuCCCc
    ((((....)))) ( -5.90)

== As a table

    $ printf '>id and a description\nGGGGttttCCCc\n>\nACGU\n' | deepmirgene fold --tsv -
    id	length	structure	mfe
    id	12	((((....))))	-5.90
    	4	....	0.00

== The ensemble of structures, as RNAfold -p --MEA prints it

    $ printf '>tRNA\nGCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCCUGUGUUCGAUCCACAGAAUUCGCACCA\n' >trna.fa
    $ deepmirgene fold --mea trna.fa | tr -s ' '
    >tRNA
    GCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCCUGUGUUCGAUCCACAGAAUUCGCACCA
    (((((((..((((........)))).(((((.......))))).....(((((.......)))))))))))).... (-22.40)
    (((((({...,(({{{{,({.,,,,.||,||}}},.,.||||..||||,,{{{...,,}}}})))))))))).... [-24.13]
    (((((((.....(((................)))...............................))))))).... { -3.01 d=16.21}
    (((((((....((((((.((......)).))))))....((.........(((.......)))))))))))).... {-12.10 MEA=46.96}
     frequency of mfe structure in ensemble 0.060652; ensemble diversity 23.38 

    $ deepmirgene fold --partition trna.fa | wc -l
    6

    $ deepmirgene fold --partition --tsv trna.fa | cut -f 1,4-7,10,11
    id	mfe	ensemble_energy	frequency	diversity	centroid_energy	centroid_distance
    tRNA	-22.40	-24.1273	0.060652	23.3751	-3.01	16.2075

    $ deepmirgene fold --mea --tsv trna.fa | cut -f 12-
    accurate	accurate_energy	accuracy
    (((((((....((((((.((......)).))))))....((.........(((.......))))))))))))....	-12.10	46.9633

A structure in the file is kept, and compared with the ensemble. A record without one has no
ensemble.

    $ printf '>kept\nGGGGAAAACCCC\n.(((....))).\n>none\n\n' | deepmirgene fold --partition --tsv - | cut -f 1,3,4,5,6,9
    id	structure	mfe	ensemble_energy	frequency	centroid
    kept	.(((....))).	-3.10	-5.5074	0.0201184	((((....))))
    none	NA	NA	NA	NA	NA

== Records without letters, and with letters that are no base

    $ printf '>nothing\n\n>N in the loop\nGGGGANAACCCC\n>R in the stem\nGGRGAAAACCCC\n' >odd.fa
    $ deepmirgene fold odd.fa
    >nothing
    (blank)
     (  0.00)
    >N in the loop
    GGGGANAACCCC
    ((((....)))) ( -5.40)
    >R in the stem
    GGRGAAAACCCC
    ............ (  0.00)

    $ deepmirgene fold --tsv odd.fa
    id	length	structure	mfe
    nothing	0	NA	NA
    N	12	((((....))))	-5.40
    R	12	............	0.00

== Very short sequences do not fold

    $ printf '>1\nG\n>2\nGC\n>3\nGGC\n>4\nGGCC\n>5\nGAAAC\n' | deepmirgene fold -
    >1
    G
    . (  0.00)
    >2
    GC
    .. (  0.00)
    >3
    GGC
    ... (  0.00)
    >4
    GGCC
    .... (  0.00)
    >5
    GAAAC
    ..... (  0.00)

== Lines may be wrapped, blank, indented, and end as on Windows or not at all

    $ printf '\n>one\r\nGGGG\r\n\r\n  AAAA\r\nCCCC\r\n>two\r\nACGU' | deepmirgene fold -
    >one
    GGGGAAAACCCC
    ((((....)))) ( -5.40)
    >two
    ACGU
    .... (  0.00)

== FASTQ

    $ printf '@read 1\nGGGGAAAACCCC\n+\n>>>>@@@@IIII\n@read 2\nACGU\n+read 2\nIIII\n' |
    >     deepmirgene fold -
    >read 1
    GGGGAAAACCCC
    ((((....)))) ( -5.40)
    >read 2
    ACGU
    .... (  0.00)

== Compressed files, whatever they are called

    $ gzip -c pre-mirnas.fa >packed && deepmirgene fold packed >a
    $ deepmirgene fold pre-mirnas.fa | cmp - a
    $ gzip -c pre-mirnas.fa | deepmirgene fold - | cmp - a
    $ (head -4 pre-mirnas.fa | gzip; tail -n +5 pre-mirnas.fa | gzip) >twice.gz
    $ deepmirgene fold twice.gz | cmp - a

== Several files one after the other, standard input among them

    $ printf '>last\nACGU\n' >last.fa
    $ printf '>middle\nGGGGAAAACCCC\n' | deepmirgene fold --tsv last.fa - last.fa
    id	length	structure	mfe
    last	4	....	0.00
    middle	12	((((....))))	-5.40
    last	4	....	0.00

== A structure in the file is kept and its energy computed

    $ printf '>worse than the best\nGGGGAAAACCCC\n.(((....))).\n' | deepmirgene fold -
    >worse than the best
    GGGGAAAACCCC
    .(((....))). ( -3.10)

    $ deepmirgene fold pre-mirnas.fa >folded && deepmirgene fold folded | cmp - folded

== A pair that has no energy

    $ printf '>A with A\nGGAGAAAACACC\n((((....))))\n' >strange.fa
    $ deepmirgene fold strange.fa
    >A with A
    GGAGAAAACACC
    ((((....))))

    $ deepmirgene fold --tsv strange.fa
    id	length	structure	mfe
    A	12	((((....))))	NA

== Into a file

    $ deepmirgene fold -o out.txt pre-mirnas.fa && deepmirgene fold pre-mirnas.fa | cmp - out.txt

    $ deepmirgene fold -o - pre-mirnas.fa | cmp - out.txt

An older file is replaced, and the file behind a link rather than the link.

    $ echo old >target && ln -s target link && deepmirgene fold --output=link pre-mirnas.fa
    $ cmp target out.txt && readlink link
    target

== From and into named pipes

    $ mkfifo in late out
    > cat pre-mirnas.fa >in & { sleep 0.2; cat others.fa >late; } & cat out >copy &
    > deepmirgene fold -o out in late others.fa; wait
    > deepmirgene fold pre-mirnas.fa others.fa others.fa | cmp - copy

== The same for any number of threads, in the order of the input

    $ random-fasta 3000 0 60 >many.fa && deepmirgene fold --threads 1 many.fa >1
    $ for n in 2 3 8; do deepmirgene fold --threads $n many.fa | cmp - 1; done
    $ grep '^>' many.fa >headers && grep '^>' 1 | cmp - headers

    $ deepmirgene fold --cpu scalar many.fa | cmp - 1

== A sequence that is too long has no structure, and is named

    $ (cat pre-mirnas.fa; printf '>giant long one\n'; head -c 32768 /dev/zero | tr '\0' A) >long.fa
    $ deepmirgene fold --tsv long.fa | cut -f 1
    id
    hsa-let-7a-1
    hsa-mir-21
    hsa-mir-17
    cel-lin-4
    giant
    ! deepmirgene fold: long.fa:9: record 'giant' has 32768 nucleotides; at most 32767 can be folded

    $ deepmirgene fold long.fa -o out.txt
    ! deepmirgene fold: long.fa:9: record 'giant' has 32768 nucleotides; at most 32767 can be folded

    $ ls out.txt
    out.txt

Its structure may be given, and then nothing is folded.

    $ (echo '>giant'; head -c 32768 /dev/zero | tr '\0' A; echo; head -c 32768 /dev/zero | tr '\0' .
    >     echo) | deepmirgene fold --tsv - | cut -f 1,2,4
    id	length	mfe
    giant	32768	NA
